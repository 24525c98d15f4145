-- People who sign in, the links that sign them in, and their sessions.

create table person (
  tenant_id text not null,
  id text not null,
  body bytea not null,
  primary key (tenant_id, id)
);
select foedus_wall('person', false);

-- Signs one browser in, once: `end_ms` is set by whoever redeems it.
create table sign_in_link (
  tenant_id text not null,
  id text not null,
  person_id text not null,
  code_hash bytea not null,
  expire_ms bigint not null,
  end_ms bigint,
  primary key (tenant_id, id)
);
-- A visitor has no tenant yet: the link's row says which.
create unique index sign_in_link_code on sign_in_link (code_hash);
select foedus_wall('sign_in_link', true);

-- `local` marks the session of the command line on the hub's own machine.
create table person_session (
  tenant_id text not null,
  id text not null,
  person_id text not null,
  secret_hash bytea not null,
  local boolean not null default false,
  create_ms bigint not null,
  touch_ms bigint not null,
  expire_ms bigint not null,
  primary key (tenant_id, id)
) with (fillfactor = 70);
create unique index person_session_secret on person_session (secret_hash);
create index person_session_expiry on person_session (expire_ms);
select foedus_wall('person_session', true);
