-- How each queue is run, once somebody set it. `due_ms` is the whole state of its rate: when the
-- next claim is due.
create table task_queue (
  tenant_id text not null,
  name text collate "C" not null,
  paused boolean not null,
  per_minute integer not null,
  due_ms double precision not null default 0,
  body bytea not null,
  primary key (tenant_id, name)
) with (fillfactor = 50);
select foedus_wall('task_queue', true);

-- What a queue counts, and the greatest turn claimed from it. A queue is the sum of its slots: each
-- connection writes to its own, so that they do not wait for each other.
create table task_count (
  tenant_id text not null,
  queue text collate "C" not null,
  slot smallint not null,
  turn double precision not null default 0,
  ready bigint not null default 0,
  scheduled bigint not null default 0,
  blocked bigint not null default 0,
  working bigint not null default 0,
  submitted bigint not null default 0,
  completed bigint not null default 0,
  primary key (tenant_id, queue, slot)
) with (fillfactor = 20);
select foedus_wall('task_count', true);

-- The last turn that each fairness key and priority of a queue was given, and by how much it moved.
create table task_lane (
  tenant_id text not null,
  queue text collate "C" not null,
  fairness_key text collate "C" not null,
  priority smallint not null,
  turn double precision not null,
  moved double precision not null,
  primary key (tenant_id, queue, fairness_key, priority)
) with (fillfactor = 20);
select foedus_wall('task_lane', true);

-- Tasks that the same workers can do. `used_ms` is renewed at most once an hour.
create table task_line (
  tenant_id text not null,
  id uuid not null,
  queue text collate "C" not null,
  kind text not null,
  needs bytea,
  used_ms bigint not null,
  primary key (tenant_id, id)
);
create index task_line_queue on task_line (tenant_id, queue);
select foedus_wall('task_line', true);

-- Tasks that live. `body` is the spec, `wake_ms` when the hub has to look at one by itself or earlier
-- (a claim leaves it as it is: `task_claim` has the end of its leases), `told` up to which of its open
-- steps there are stored ones, `followed` whether others wait for it; what begins with `hold_` is of
-- the attempt under way, or the last one.
create table task (
  -- Fixed widths first, wide before narrow: half the rows of the database are these.
  turn double precision not null,
  create_ms bigint not null,
  attempt_ms bigint not null,
  heartbeat_ms bigint not null,
  spent bigint not null,
  revision integer not null,
  fence integer not null,
  attempts integer not null,
  blockers integer not null,
  state smallint not null,
  priority smallint not null,
  first_state smallint not null,
  told smallint not null,
  followed boolean not null,
  line uuid not null,
  ready_ms bigint,
  until_ms bigint,
  due_ms bigint,
  wake_ms bigint,
  claim_ms bigint,
  lease_ms bigint,
  hold_end_ms bigint,
  budget_limit bigint,
  hold_fence integer,
  claim_id uuid,
  tenant_id text not null,
  id text collate "C" not null,
  queue text collate "C" not null,
  kind text not null,
  fairness_key text collate "C" not null,
  submitter text not null,
  node_id text,
  worker text,
  unique_key text collate "C",
  parent_id text collate "C",
  schedule_id text,
  labels text[] not null,
  body bytea not null,
  progress bytea,
  hold_failure bytea,
  cancellation bytea,
  primary key (tenant_id, id)
) with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
create index task_ready on task (tenant_id, line, turn) where state = 1;
create index task_wake on task (wake_ms) where wake_ms is not null;
create unique index task_unique on task (tenant_id, queue, unique_key) where unique_key is not null;
create index task_parent on task (tenant_id, parent_id) where parent_id is not null;
select foedus_wall('task', true);

-- What was claimed together: how a claim that is repeated finds its tasks, and the hub those whose
-- lease lapsed. One row for up to hundreds of tasks, which need no index of their own for either.
-- None of them has to be looked at before `wake_ms`.
create table task_claim (
  tenant_id text not null,
  claim_id uuid not null,
  wake_ms bigint not null,
  ids text[] not null,
  primary key (tenant_id, claim_id)
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
create index task_claim_wake on task_claim (wake_ms);
select foedus_wall('task_claim', true);

-- Who waits for whom, until that one has ended.
create table task_wait (
  tenant_id text not null,
  on_id text collate "C" not null,
  id text collate "C" not null,
  primary key (tenant_id, on_id, id)
);
create index task_wait_id on task_wait (tenant_id, id);
select foedus_wall('task_wait', true);

-- Tasks that ended, by the day of their end. Dead letters are among them.
create table task_done_log (
  like task,
  day date not null,
  end_ms bigint not null,
  failure bytea,
  result bytea,
  primary key (tenant_id, id, day)
) partition by range (day);
create index task_done_failed on task_done_log (tenant_id, queue, id) where state = 4;
create table task_done_log_default partition of task_done_log default;
select foedus_wall('task_done_log', true);

-- What happened to tasks, as far as their rows do not say it any more.
create table task_step_log (
  tenant_id text not null,
  task_id text collate "C" not null,
  number bigint not null,
  day date not null,
  body bytea not null,
  primary key (tenant_id, task_id, number, day)
) partition by range (day);
create table task_step_log_default partition of task_step_log default;
select foedus_wall('task_step_log', true);

-- Drops the days before one of what ended and what happened. Takes its locks as
-- foedus_drop_log_days does.
create function foedus_drop_task_days(before_day date) returns integer
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '1s' as $$
declare
  whole text;
  part record;
  dropped integer := 0;
begin
  foreach whole in array array['task_done_log', 'task_step_log'] loop
    perform pg_advisory_xact_lock(hashtext(whole));
    for part in
      select c.oid::regclass as name
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = whole::regclass and c.relname ~ ('^' || whole || '_[0-9]{8}$')
        and right(c.relname, 8) < to_char(before_day, 'YYYYMMDD')
    loop
      execute format('lock table %I in access exclusive mode', whole);
      execute format('drop table %s', part.name);
      dropped := dropped + 1;
    end loop;
    execute format('delete from %I where day < %L', whole || '_default', before_day);
  end loop;
  return dropped;
end $$;
revoke execute on function foedus_drop_task_days(date) from public;
grant execute on function foedus_drop_task_days(date) to foedus_sweep;

-- What is submitted again and again; `next_ms` is null while it is paused.
create table task_schedule (
  tenant_id text not null,
  name text collate "C" not null,
  next_ms bigint,
  body bytea not null,
  primary key (tenant_id, name)
);
create index task_schedule_next on task_schedule (next_ms) where next_ms is not null;
select foedus_wall('task_schedule', true);
