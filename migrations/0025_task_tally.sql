-- What ended and was not told yet: counted by the statement that ended it, in a slot of its connection
-- as in task_count, and taken away by the transaction that tells it. `task_id` is one of them.
create table task_tally (
  tenant_id text not null,
  queue text collate "C" not null,
  kind text collate "C" not null,
  state smallint not null,
  node_id text collate "C" not null,
  reason text collate "C" not null,
  slot smallint not null,
  count bigint not null,
  task_id text collate "C" not null,
  primary key (tenant_id, queue, kind, state, node_id, reason, slot)
) with (fillfactor = 20, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
select foedus_wall('task_tally', true);
