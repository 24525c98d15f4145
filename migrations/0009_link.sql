-- The link of each node: what was agreed in `body`, and apart from it the newest report, which is
-- rewritten all the time and has no index to mend.
create table link (
  tenant_id text not null,
  node_id text not null,
  node_name text not null,
  body bytea not null,
  epoch bigint not null default 0,
  sequence bigint not null default 0,
  report_ms bigint,
  report bytea,
  primary key (tenant_id, node_id)
) with (fillfactor = 50);
select foedus_wall('link', true);
