-- What this database stamps as. It is new when the row was carried elsewhere: `identity` names the
-- cluster, its timeline, the database and this very table, none of which a backup brings along.
create table sync_incarnation (
  tenant_id text not null,
  name text not null,
  identity text not null,
  begin_ms bigint not null,
  primary key (tenant_id)
);
select foedus_wall('sync_incarnation', true);

-- The head of each stream's log, locked by whoever appends: the order of places is the order of
-- commits. `hub` is the incarnation that stamps, `cells`, `digest` and `conflicts` count what
-- sync_cell holds, and `written_ms` is when the last place was taken.
create table sync_stream (
  tenant_id text not null,
  collection text not null,
  partition text not null,
  zone text not null,
  lane smallint not null,
  stream_id integer not null,
  hub text not null,
  epoch text not null,
  head bigint not null default 0,
  horizon bigint not null default 0,
  vector bytea not null default '',
  horizon_vector bytea not null default '',
  cells bigint not null default 0,
  digest bigint not null default 0,
  conflicts bigint not null default 0,
  rebuilt integer not null default 0,
  written_ms bigint not null,
  primary key (tenant_id, collection, partition, zone, lane)
) with (fillfactor = 20);
create unique index sync_stream_id on sync_stream (tenant_id, stream_id);
select foedus_wall('sync_stream', true);

-- The log. A row is a run of places, up to `seq`, whose stamps are of one hub and follow each other
-- up to `ctr`; the entries are in `body`.
create table sync_log (
  tenant_id text not null,
  stream_id integer not null,
  seq bigint not null,
  first_seq bigint not null,
  day date not null,
  stored_ms bigint not null,
  hub text not null,
  ctr bigint not null,
  body bytea not null,
  primary key (tenant_id, stream_id, seq, day)
) partition by range (day);
create index sync_log_stamp on sync_log (tenant_id, stream_id, hub, ctr);
create table sync_log_default partition of sync_log default;
select foedus_wall('sync_log', true);

-- Drops the days before one. What of them is above its stream's horizon, held back by a hub that
-- has not got it yet, moves to the default partition, so that one hub that is away keeps no more
-- than its own. Takes its locks as foedus_drop_log_days does.
create function foedus_drop_sync_days(before_day date) returns integer
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '1s' as $$
declare
  part record;
  dropped integer := 0;
begin
  perform pg_advisory_xact_lock(hashtext('sync_log'));
  for part in
    select c.oid::regclass as name
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'sync_log'::regclass and c.relname ~ '^sync_log_[0-9]{8}$'
      and right(c.relname, 8) < to_char(before_day, 'YYYYMMDD')
  loop
    lock table sync_log in access exclusive mode;
    execute format('alter table sync_log detach partition %s', part.name);
    execute format('insert into sync_log select l.* from %s l join sync_stream s
      on s.tenant_id = l.tenant_id and s.stream_id = l.stream_id
      where l.seq > s.horizon', part.name);
    execute format('drop table %s', part.name);
    dropped := dropped + 1;
  end loop;
  delete from sync_log_default l using sync_stream s
  where l.day < before_day and s.tenant_id = l.tenant_id and s.stream_id = l.stream_id
    and l.seq <= s.horizon;
  return dropped;
end $$;
revoke execute on function foedus_drop_sync_days(date) from public;
grant execute on function foedus_drop_sync_days(date) to foedus_sweep;

-- How far each replica is known, and the last place it wrote at. It outlives the log: `needed_ms` is
-- when it was last written, or found to be needed. `refused` is null where nothing was.
create table sync_mark (
  tenant_id text not null,
  stream_id integer not null,
  replica text collate "C" not null,
  ctr bigint not null,
  written_seq bigint not null,
  needed_ms bigint not null,
  refused bytea,
  primary key (tenant_id, stream_id, replica)
) with (fillfactor = 50);
select foedus_wall('sync_mark', true);

-- What each field of each record holds. `name` sorts as the core compares: record, a zero and field
-- in CESU-8, whose order is that of UTF-16. `siblings` counts the concurrent values.
create table sync_cell (
  tenant_id text not null,
  stream_id integer not null,
  name bytea not null,
  siblings smallint not null,
  body bytea not null,
  primary key (tenant_id, stream_id, name)
) with (fillfactor = 80);
create index sync_cell_conflict on sync_cell (tenant_id, stream_id, name) where siblings > 1;
select foedus_wall('sync_cell', true);

-- How far each hub that follows a stream has it; `until_ms` is null for the parent, which holds
-- back the log for good.
create table sync_lease (
  tenant_id text not null,
  stream_id integer not null,
  peer text not null,
  seq bigint not null,
  until_ms bigint,
  renewed_ms bigint not null,
  primary key (tenant_id, stream_id, peer)
) with (fillfactor = 50);
select foedus_wall('sync_lease', true);

-- Whose a replica's key is: bound to who opened a session with it first.
create table sync_writer (
  tenant_id text not null,
  replica text collate "C" not null,
  owner_id text not null,
  bind_ms bigint not null,
  primary key (tenant_id, replica)
);
create index sync_writer_owner on sync_writer (tenant_id, owner_id, bind_ms);
select foedus_wall('sync_writer', true);

-- What a node may do beside the default: the zones it stands in (the hub's own when empty), and
-- whether it may bring what others wrote.
create table sync_grant (
  tenant_id text not null,
  node_id text not null,
  zones text[] not null,
  relays boolean not null,
  change_ms bigint not null,
  primary key (tenant_id, node_id)
);
select foedus_wall('sync_grant', false);

-- The declared collections.
create table sync_collection (
  tenant_id text not null,
  name text collate "C" not null,
  body bytea not null,
  primary key (tenant_id, name)
);
select foedus_wall('sync_collection', false);

-- Nodes that serve others while the hub is away, where, and until when they said so.
create table sync_peer (
  tenant_id text not null,
  node_id text not null,
  address text not null,
  renewed_ms bigint not null,
  expire_ms bigint not null,
  primary key (tenant_id, node_id)
) with (fillfactor = 50);
select foedus_wall('sync_peer', true);
