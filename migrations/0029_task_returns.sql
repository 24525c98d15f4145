-- What locks tasks that are at work, apart from indices of all that ended, which may take minutes:
-- signs of life wait for it.
drop index task_parent;
create index task_parent on task (tenant_id, parent_id, id) where parent_id is not null;

-- How often in a row a task was given back undone.
alter table task add column returns integer not null default 0;
alter table task_done_log add column returns integer not null default 0;
