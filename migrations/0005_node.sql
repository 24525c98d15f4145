-- Nodes as they stand: `state` (foedus.node.v1.NodeState) is what was told last.
create table node (
  tenant_id text not null,
  id text not null,
  name text not null,
  state smallint not null,
  body bytea not null,
  primary key (tenant_id, id)
);
-- Not unique: a revoked node's name is free at once, and its row follows a moment later.
create index node_name on node (tenant_id, name, id);
select foedus_wall('node', true);

-- The last heartbeat of each node, apart from it: rewritten all the time, with no index to mend.
create table node_pulse (
  tenant_id text not null,
  node_id text not null,
  epoch bigint not null,
  sequence bigint not null,
  seen_ms bigint not null,
  skew_ms bigint,
  round_trip_us bigint,
  body bytea not null,
  primary key (tenant_id, node_id)
) with (fillfactor = 50);
select foedus_wall('node_pulse', true);
