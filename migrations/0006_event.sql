-- The signed events of each tenant.
select foedus_create_log('event');

-- Which sequences of a source's stream are stored: one bit for each of the last 1,024 of its epoch,
-- kept in the transaction that appends.
create table event_stream (
  tenant_id text not null,
  source text not null,
  stream text not null,
  epoch bigint not null,
  top bigint not null,
  seen bytea not null,
  primary key (tenant_id, source, stream)
) with (fillfactor = 50);
select foedus_wall('event_stream', false);

-- The newest event of each source, type and subject.
create table event_latest (
  tenant_id text not null,
  source text not null,
  type text not null,
  subject text not null,
  stream text not null,
  epoch bigint not null,
  sequence bigint not null,
  time_ms bigint not null,
  seq bigint not null,
  stored_ms bigint not null,
  body bytea not null,
  primary key (tenant_id, source, type, subject)
) with (fillfactor = 50);
select foedus_wall('event_latest', true);

-- The keys that hubs over this database signed with, so that their events stay provable.
create table event_signer (
  tenant_id text not null,
  key_id bytea not null,
  source text not null,
  public_key bytea not null,
  primary key (tenant_id, key_id)
);
select foedus_wall('event_signer', false);
