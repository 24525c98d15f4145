-- What a queue has to do with the parent: a copy of its settings, for the loops that look.
alter table task_queue add column parent smallint not null default 0;
create index task_queue_parent on task_queue (tenant_id, name) where parent <> 0;

-- The parent's tasks that this hub holds: `upper_id` and `fence` are its word for them, `id` is the
-- task here. A row stays until the parent has heard how it ended. `hub_id` is the process that is
-- the node which holds them.
create table task_relay_down (
  tenant_id text not null,
  upper_id text collate "C" not null,
  fence bigint not null,
  hub_id text not null,
  id text collate "C" not null,
  queue text not null,
  heartbeat_ms bigint not null,
  primary key (tenant_id, upper_id, fence)
);
create unique index task_relay_down_id on task_relay_down (tenant_id, id);
select foedus_wall('task_relay_down', true);

-- Tasks of this hub that its parent does: `fence` is of the hold here, `body` what is submitted
-- there until the parent has told which task it is, `upper_id` that task from then on. A row stays
-- until the task there has ended or is called off; `lost` says that nobody here waits for it.
create table task_relay_up (
  tenant_id text not null,
  id text collate "C" not null,
  fence bigint not null,
  hub_id text not null,
  queue text not null,
  heartbeat_ms bigint not null,
  upper_id text collate "C",
  lost boolean not null default false,
  body bytea,
  primary key (tenant_id, id, fence)
);
select foedus_wall('task_relay_up', true);
