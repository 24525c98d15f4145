-- Queues that nothing is in and that nobody keeps, and since when: what is forgotten next.
-- `submitted` is what was counted then: where it is more by now, the queue was used meanwhile.
create table task_idle (
  tenant_id text not null,
  queue text collate "C" not null,
  submitted bigint not null,
  since_ms bigint not null,
  primary key (tenant_id, queue)
);
select foedus_wall('task_idle', true);
