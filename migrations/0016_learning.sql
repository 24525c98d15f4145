-- Which cycles are forgotten depends on how old those beside them are, tenant by tenant.
create index learning_cycle_time on learning_cycle (tenant_id, end_ms);
drop index learning_cycle_end;

-- The level that was told last, as `told` is the score.
alter table learning_trust add column told_level smallint;

-- When a hub looked after the tenant last; 0 before it ever did.
alter table learning_state add column watched_ms bigint not null default 0;

-- When no hub was there: this time is held against nobody.
create table learning_away (
  tenant_id text not null,
  from_ms bigint not null,
  to_ms bigint not null,
  primary key (tenant_id, from_ms)
);
select foedus_wall('learning_away', true);
