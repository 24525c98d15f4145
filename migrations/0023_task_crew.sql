-- Workers that are at one of several hubs over this database, as that hub told of them last. They
-- count as long as the hub itself does; `body` is a WorkerStatus.
create table task_crew (
  tenant_id text not null,
  hub_id text not null,
  queue text collate "C" not null,
  node_id text collate "C" not null,
  name text collate "C" not null,
  since_ms bigint not null,
  room integer not null,
  body bytea not null,
  primary key (tenant_id, queue, node_id, name, hub_id)
) with (fillfactor = 50);
create index task_crew_hub on task_crew (hub_id);
select foedus_wall('task_crew', true);

-- Held tasks that were called off: hubs look here for those whose workers are theirs.
create index task_called_off on task (tenant_id, id) where cancellation is not null;
