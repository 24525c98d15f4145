-- Hubs with roots of their own that are trusted. A trust domain is the peer of one tenant: what its
-- hubs tell belongs there. How far it was told (null before it began), and what was taken, changes too often for the body.
create table peer (
  tenant_id text not null,
  trust_domain text not null,
  told_cursor bigint,
  tell_error text not null default '',
  taken_events bigint not null default 0,
  body bytea not null,
  primary key (tenant_id, trust_domain)
);
create unique index peer_trust_domain on peer (trust_domain);
select foedus_wall('peer', true);
