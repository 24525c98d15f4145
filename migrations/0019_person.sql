-- Addresses of the page that people saved under a name.
create table person_view (
  tenant_id text not null,
  id text not null,
  person_id text not null,
  name text not null,
  shared boolean not null,
  body bytea not null,
  primary key (tenant_id, id)
);
create unique index person_view_name on person_view (tenant_id, person_id, name);
select foedus_wall('person_view', false);
