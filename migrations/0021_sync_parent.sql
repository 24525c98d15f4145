-- The parent that a tenant's streams went to last, the zones that it stands in, and when it was
-- there: another one is not taken before that one has all.
create table sync_parent (
  tenant_id text not null,
  name text not null,
  zones text[] not null,
  seen_ms bigint not null,
  primary key (tenant_id)
);
select foedus_wall('sync_parent', true);
