-- Lists of tasks go by their ids, a page at a time: children of one task, and dead letters, are
-- found in that order without reading any others. What has no parent and did not fail pays nothing.
create index task_done_parent on task_done_log (tenant_id, parent_id, id)
  where parent_id is not null;
create index task_done_dead on task_done_log (tenant_id, id) where state = 4;
