-- What every capability gets for free: walls between tenants, the log, the lease, answers, audit.

-- Puts a tenant's wall around a table: foedus_app sees only the tenant of its transaction, and
-- foedus_sweep sees all of them where a loop needs that. Called once for each tenant table.
create function foedus_wall(target regclass, sweep boolean) returns void
language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format(
    'create policy tenant_wall on %s to foedus_app
       using (tenant_id = (select nullif(current_setting(''app.tenant'', true), '''')))', target);
  execute format('create policy owner_all on %s to foedus_owner using (true)', target);
  execute format('grant select, insert, update, delete on %s to foedus_app', target);
  if sweep then
    execute format('create policy sweep_all on %s to foedus_sweep using (true)', target);
    execute format('grant select, insert, update, delete on %s to foedus_sweep', target);
  end if;
end $$;

-- The number of the last entry of each log of each tenant, and of the first one still kept. The row
-- stays locked until commit, so the order of numbers is the order of commits and none is missing.
create table log_head (
  tenant_id text not null,
  log text not null,
  seq bigint not null,
  first_seq bigint not null default 1,
  primary key (tenant_id, log)
) with (fillfactor = 20);
select foedus_wall('log_head', true);

-- Makes the table `<name>_log`, partitioned by day.
create function foedus_create_log(name text) returns void
language plpgsql as $$
begin
  execute format(
    'create table %I (
       tenant_id text not null,
       seq bigint not null,
       day date not null,
       stored_ms bigint not null,
       kind text not null,
       source text not null,
       subject text not null,
       body bytea not null,
       primary key (tenant_id, seq, day)
     ) partition by range (day)', name || '_log');
  execute format('create table %I partition of %I default', name || '_log_default', name || '_log');
  perform foedus_wall(format('%I', name || '_log')::regclass, true);
end $$;

-- Makes the partition of one day, and moves what was written for that day before it was there. Like
-- foedus_drop_log_days it takes the log's lock before it touches anything else, as every writer does,
-- so that none waits for another in a circle; and it gives up after a second, so that nobody waits
-- behind it.
create function foedus_add_log_day(log text, add_day date) returns boolean
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '1s' as $$
declare
  whole text := log || '_log';
  part text := format('%s_log_%s', log, to_char(add_day, 'YYYYMMDD'));
begin
  if to_regclass(format('%I', part)) is not null then
    return false;
  end if;
  perform pg_advisory_xact_lock(hashtext(whole));
  execute format('lock table %I in access exclusive mode', whole);
  if to_regclass(format('%I', part)) is not null then
    return false; -- another hub made it meanwhile
  end if;
  execute format('create table %I (like %I including defaults including indexes)', part, whole);
  execute format('with moved as (delete from %I where day = %L returning *)
    insert into %I select * from moved', whole || '_default', add_day, part);
  execute format('alter table %I attach partition %I for values from (%L) to (%L)',
    whole, part, add_day, add_day + 1);
  return true;
end $$;

-- Drops all days before one, and says so in each tenant's head: what is gone is told as a gap.
create function foedus_drop_log_days(log text, before_day date) returns integer
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '1s' as $$
declare
  whole text := log || '_log';
  part record;
  old_rows boolean;
  dropped integer := 0;
begin
  perform pg_advisory_xact_lock(hashtext(whole));
  execute format(
    'select exists (select from %I where day < %L) or exists (select from pg_inherits i
       join pg_class c on c.oid = i.inhrelid where i.inhparent = %L::regclass
       and c.relname ~ %L and right(c.relname, 8) < %L)',
    whole || '_default', before_day, quote_ident(whole), '_log_[0-9]{8}$',
    to_char(before_day, 'YYYYMMDD')) into old_rows;
  if not old_rows then
    return 0;
  end if;
  execute format('lock table %I in access exclusive mode', whole);
  execute format(
    'update log_head h set first_seq = greatest(h.first_seq, gone.last_seq + 1)
       from (select tenant_id, max(seq) as last_seq from %I where day < %L group by tenant_id) gone
      where h.tenant_id = gone.tenant_id and h.log = %L', whole, before_day, log);
  for part in
    select c.oid::regclass as name
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = format('%I', whole)::regclass
      and c.relname ~ ('^' || log || '_log_[0-9]{8}$')
      and right(c.relname, 8) < to_char(before_day, 'YYYYMMDD')
  loop
    execute format('drop table %s', part.name);
    dropped := dropped + 1;
  end loop;
  execute format('delete from %I where day < %L', whole || '_default', before_day);
  return dropped;
end $$;
revoke execute on function foedus_wall(regclass, boolean), foedus_create_log(text),
  foedus_add_log_day(text, date), foedus_drop_log_days(text, date) from public;
grant execute on function foedus_add_log_day(text, date), foedus_drop_log_days(text, date)
  to foedus_sweep;

-- Facts of this hub's capabilities, appended in the transaction that made them so.
select foedus_create_log('outbox');

-- How far each follower of a log has come.
create table follower (
  tenant_id text not null,
  name text not null,
  seq bigint not null,
  primary key (tenant_id, name)
) with (fillfactor = 50);
select foedus_wall('follower', true);

-- Who holds what until when. The fence grows with each new holder.
create table lease (
  tenant_id text not null,
  kind text not null,
  name text not null,
  holder text not null,
  fence bigint not null,
  renewed_ms bigint not null,
  expire_ms bigint not null,
  primary key (tenant_id, kind, name)
) with (fillfactor = 50);
create index lease_expiry on lease (kind, expire_ms);
select foedus_wall('lease', true);

-- The stored answer of each decision, for 24 hours; null when the answer held a secret.
create table answer (
  tenant_id text not null,
  caller text not null,
  method text not null,
  request_id text not null,
  request_hash bytea not null,
  object text not null,
  body bytea,
  expire_ms bigint not null,
  primary key (tenant_id, caller, method, request_id)
);
create index answer_expiry on answer (expire_ms);
select foedus_wall('answer', true);

-- Leaves of the audit log (RFC 9162 leaf hashes), to be sequenced after the commit.
create table audit_leaf (
  tenant_id text not null,
  id text not null,
  time_ms bigint not null,
  leaf_hash bytea not null,
  body bytea not null,
  primary key (tenant_id, id)
);
select foedus_wall('audit_leaf', true);

-- Facts about the hub itself, e.g. which hub this database belongs to.
create table hub_fact (
  tenant_id text not null,
  name text not null,
  value text not null,
  primary key (tenant_id, name)
);
select foedus_wall('hub_fact', false);
