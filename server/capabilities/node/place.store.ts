import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import type { Search } from "./place.ts";
import { firstFree, freeBeside } from "./place.ts";

/**
 * Of a project's nodes those that joined first say where it stands: it grows around them, and the
 * thousandth node costs what the hundredth did.
 */
const siblingsMax = 64;

/** Written as the indexes have it, which are not used otherwise. */
const notRetired = sql`state <> ${sql.lit(NodeState.RETIRED)}`;

/**
 * Takes a slot of the map for a new node. Others who take one wait until this transaction ends.
 */
export async function takeSlot(tx: TenantTx, project: string): Promise<number> {
  const freeFrom = await lockMap(tx);
  // Whoever names no project is alone in its own.
  const siblings = project === "" ? [] : await siblingSlots(tx, project);
  const alone = siblings.length === 0;
  const slot = await find(tx, alone ? firstFree(freeFrom) : freeBeside(siblings, freeFrom));
  if (alone || slot === freeFrom) await setFreeFrom(tx, await find(tx, firstFree(slot + 1)));
  return slot;
}

async function find(tx: TenantTx, search: Search): Promise<number> {
  let step = search.next();
  while (step.done !== true) {
    const held = step.value.length === 0 ? nobody : await heldOf(tx, step.value);
    step = search.next(held);
  }
  return step.value;
}

const nobody: ReadonlySet<number> = new Set();

/** The slots of nodes that are out may be given to others. */
export async function freeSlots(tx: TenantTx, retired: readonly string[]): Promise<void> {
  await sql`
    update node_map set free_from = freed.slot
    from (select min(map_slot) as slot from node
          where tenant_id = ${tx.tenant} and id = any(${retired}::text[])) as freed
    where node_map.tenant_id = ${tx.tenant} and node_map.free_from > freed.slot`.execute(tx.sql);
}

/** All slots below the one it answers are held. */
async function lockMap(tx: TenantTx): Promise<number> {
  const { rows } = await sql<{ free_from: number }>`
    insert into node_map (tenant_id, free_from) values (${tx.tenant}, 0)
    on conflict (tenant_id) do update set free_from = node_map.free_from
    returning free_from`.execute(tx.sql);
  const [row] = rows;
  if (row === undefined) throw new Error("the map was not locked");
  return row.free_from;
}

async function setFreeFrom(tx: TenantTx, freeFrom: number): Promise<void> {
  await sql`update node_map set free_from = ${freeFrom} where tenant_id = ${tx.tenant}`.execute(
    tx.sql,
  );
}

async function siblingSlots(tx: TenantTx, project: string): Promise<number[]> {
  const { rows } = await sql<{ map_slot: number }>`
    select map_slot from node
    where tenant_id = ${tx.tenant} and project = ${project} and ${notRetired}
      and map_slot is not null
    order by id limit ${siblingsMax}`.execute(tx.sql);
  return rows.map((row) => row.map_slot);
}

async function heldOf(tx: TenantTx, slots: readonly number[]): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ map_slot: number }>`
    select map_slot from node
    where tenant_id = ${tx.tenant} and map_slot = any(${slots}::integer[]) and ${notRetired}`.execute(
    tx.sql,
  );
  return new Set(rows.map((row) => row.map_slot));
}
