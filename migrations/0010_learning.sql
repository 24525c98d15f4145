-- What is known of each node between two cycles: body is a foedus.learning.v1.Witness.
create table learning_witness (
  tenant_id text not null,
  node_id text not null,
  body bytea not null,
  primary key (tenant_id, node_id)
) with (fillfactor = 50);
select foedus_wall('learning_witness', false);

-- What happened to each node, minute by minute, with the newest cursor of each sort (0 for none).
-- The minute comes first: a cycle reads a window of all nodes, and drops what lies before it.
create table learning_tally (
  tenant_id text not null,
  minute_ms bigint not null,
  node_id text not null,
  lapsed_ms integer not null,
  paused_ms integer not null,
  accepted integer not null,
  refused integer not null,
  failed integer not null,
  state_seq bigint not null,
  accepted_seq bigint not null,
  refused_seq bigint not null,
  failed_seq bigint not null,
  primary key (tenant_id, minute_ms, node_id)
);
select foedus_wall('learning_tally', false);

-- How far each tenant's evidence and its cycles have come; a cycle locks the row.
create table learning_state (
  tenant_id text not null,
  evidence_seq bigint not null,
  seen_seq bigint not null,
  ended_ms bigint not null,
  primary key (tenant_id)
) with (fillfactor = 50);
select foedus_wall('learning_state', true);

-- Cycles: body is a foedus.learning.v1.Cycle.
create table learning_cycle (
  tenant_id text not null,
  id text not null,
  end_ms bigint not null,
  median double precision,
  robust_mean double precision,
  body bytea not null,
  primary key (tenant_id, id)
);
create index learning_cycle_end on learning_cycle (end_ms);
select foedus_wall('learning_cycle', true);

-- Where each node stood after each cycle: body is a foedus.learning.v1.NodeTrust; `told` is the
-- score that was told last, and `good_ms` since when its reputation is good enough to be trusted.
create table learning_trust (
  tenant_id text not null,
  cycle_id text not null,
  node_id text not null,
  score double precision,
  told double precision,
  latency_ms double precision,
  reputation double precision,
  good_ms bigint,
  body bytea not null,
  primary key (tenant_id, cycle_id, node_id)
);
create index learning_trust_node on learning_trust (tenant_id, node_id, cycle_id desc) include (score);
select foedus_wall('learning_trust', true);

-- Levels that admins gave: body is a foedus.learning.v1.GivenLevel.
create table learning_level (
  tenant_id text not null,
  node_id text not null,
  body bytea not null,
  primary key (tenant_id, node_id)
);
select foedus_wall('learning_level', false);
