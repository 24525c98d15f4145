-- What each hub process over this database tells of itself; its lease (kind "hub") says whether it is
-- still there.
create table hub_process (
  tenant_id text not null,
  hub_id text not null,
  body bytea not null,
  primary key (tenant_id, hub_id)
);
select foedus_wall('hub_process', false);

-- Of a local session: which hub's command line it is for. Each hub over this database has its own.
alter table person_session add column hub_id text not null default '';
