-- The tenants of a hub: rows of the reserved tenant `hub`. `state` is foedus.tenant.v1.TenantState.
create table tenant (
  tenant_id text not null,
  name text not null,
  state smallint not null,
  body bytea not null,
  primary key (tenant_id, name)
);
select foedus_wall('tenant', true);

-- The session of an operator who visits a tenant: who that is, and what they may do there. It ends
-- when it was said to, however much it is used.
alter table person_session add column visitor text not null default '';
alter table person_session add column visitor_role smallint not null default 0;
