-- Who may join: the mode, the lists, and those who wait.

-- The runtime's own. What a decision stood on, by number: whoever changes it raises the number in its
-- own transaction, and whoever acts on it holds the row until its own commit.
create table revision (
  tenant_id text not null,
  name text not null,
  number bigint not null,
  primary key (tenant_id, name)
) with (fillfactor = 20);
select foedus_wall('revision', true);

-- No row: the default.
create table access_settings (
  tenant_id text not null,
  body bytea not null,
  primary key (tenant_id)
);
select foedus_wall('access_settings', true);

create table access_rule (
  tenant_id text not null,
  id text not null,
  kind smallint not null,
  name text not null,
  fingerprint text not null,
  body bytea not null,
  primary key (tenant_id, id)
);
create unique index access_rule_once on access_rule (tenant_id, kind, name, fingerprint);
select foedus_wall('access_rule', true);

-- One row an identity key that asked without a token.
create table join_request (
  tenant_id text not null,
  id text not null,
  fingerprint text not null,
  address text not null,
  state smallint not null,
  expire_ms bigint not null,
  body bytea not null,
  primary key (tenant_id, id)
) with (fillfactor = 70);
create unique index join_request_key on join_request (tenant_id, fingerprint);
create index join_request_state on join_request (tenant_id, state, address);
create index join_request_expiry on join_request (expire_ms);
select foedus_wall('join_request', true);

-- Keys that an invitation admitted: each joins once.
create table join_key (
  tenant_id text not null,
  fingerprint text not null,
  node_id text not null,
  primary key (tenant_id, fingerprint)
);
select foedus_wall('join_key', false);

-- Refused batches that count against a node, for as long as they do.
create table access_breach (
  tenant_id text not null,
  node_id text not null,
  cursor bigint not null,
  time_ms bigint not null,
  batches bigint not null,
  primary key (tenant_id, node_id, cursor)
);
create index access_breach_time on access_breach (time_ms);
select foedus_wall('access_breach', true);

-- Before this there was no way in but an admin's token: field 15, `vouched`, of whoever is in.
update identity set body = body || '\x7801'::bytea;
