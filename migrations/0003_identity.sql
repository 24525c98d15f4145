-- Who is who: tokens that admit once, identities, and the certificates that prove them.

-- A right to join. `end_ms` is set once, by whoever redeems or cancels it; of a token that was
-- redeemed, `redeem_hash` tells the winner's repeated request from everybody else's.
create table join_token (
  tenant_id text not null,
  id text not null,
  secret_hash bytea not null,
  expire_ms bigint not null,
  end_ms bigint,
  cancelled boolean not null default false,
  node_id text not null default '',
  redeem_hash bytea,
  body bytea not null,
  primary key (tenant_id, id)
);
-- A joiner has no tenant yet: its token's row says which.
create unique index join_token_id on join_token (id);
create index join_token_expiry on join_token (expire_ms);
select foedus_wall('join_token', true);

create table identity (
  tenant_id text not null,
  node_id text not null,
  name text not null,
  revoke_ms bigint,
  certificate_expire_ms bigint not null,
  body bytea not null,
  primary key (tenant_id, node_id)
) with (fillfactor = 70);
create unique index identity_name on identity (tenant_id, name) where revoke_ms is null;
create index identity_certificate_expiry on identity (certificate_expire_ms);
select foedus_wall('identity', true);

-- Every certificate issued to a node, until some time after its end.
create table certificate (
  tenant_id text not null,
  node_id text not null,
  serial text not null,
  spki_hash bytea not null,
  issue_ms bigint not null,
  expire_ms bigint not null,
  primary key (tenant_id, node_id, serial)
);
create index certificate_expiry on certificate (expire_ms);
select foedus_wall('certificate', true);
