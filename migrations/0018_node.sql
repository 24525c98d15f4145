-- Where nodes stand on the map: `map_slot` says which of its slots is a node's, for good.
alter table node add column map_slot integer;

-- The project of the node's profile, which is in the body too: nodes of a project stand together.
-- Of the nodes there are by now it is known once they register again.
alter table node add column project text not null default '';

-- Nodes in the order of joining, those that are out apart: they stand where nobody looks.
update node set map_slot = numbered.slot
from (
  select tenant_id, id,
         row_number() over (partition by tenant_id, state = 5 order by id) - 1 as slot
  from node
) as numbered
where node.tenant_id = numbered.tenant_id and node.id = numbered.id;

-- Whoever is out (state 5) holds no slot.
create unique index node_slot on node (tenant_id, map_slot) where state <> 5;
create index node_project on node (tenant_id, project, id) where state <> 5;

-- All slots below this one are held. Locked by whoever takes a slot, until the commit.
create table node_map (
  tenant_id text not null,
  free_from integer not null,
  primary key (tenant_id)
) with (fillfactor = 20);
select foedus_wall('node_map', false);
