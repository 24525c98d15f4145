-- Lists of tasks go by their ids, a page at a time: children of one task, and dead letters, are
-- found in that order without reading any others. What has no parent and did not fail pays nothing.
drop index task_parent;
create index task_parent on task (tenant_id, parent_id, id) where parent_id is not null;
create index task_done_parent on task_done_log (tenant_id, parent_id, id)
  where parent_id is not null;
create index task_done_dead on task_done_log (tenant_id, id) where state = 4;

-- How often in a row a task was given back undone.
alter table task add column returns integer not null default 0;
alter table task_done_log add column returns integer not null default 0;
