import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { acquireLease, releaseLease, renewLease } from "../../runtime/storage/lease.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import { forgettable } from "./keep.ts";

/** About so many standings go in one transaction, so that nobody waits long behind it. */
const standingsMax = 20_000;
const cyclesMax = 1_000;

/** How long a hub keeps a tenant's thinning to itself after its last step. */
const turnMs = 60_000;

/**
 * Thins a tenant's cycles out to what is kept, some at a time; returns how many went. A cycle goes
 * with all its standings or not at all.
 *
 * @throws Fault LEASE_HELD while another hub does it, LEASE_LOST when another one took over.
 */
export async function thin(
  storage: Storage,
  tenant: TenantId,
  holder: string,
  signal?: AbortSignal,
): Promise<number> {
  const wish = { kind: "learning", name: "thin", holder, forMs: turnMs };
  const [lease, going] = await storage.tenant(tenant, async (tx) => {
    return [await acquireLease(tx, wish), forgettable(await cyclesOf(tx), tx.nowMs)] as const;
  });
  let gone = 0;
  for (let size = 1; gone < going.length && signal?.aborted !== true;) {
    const ids = going.slice(gone, gone + size);
    const standings = await storage.tenant(tenant, async (tx) => {
      await renewLease(tx, lease, turnMs);
      return await forget(tx, ids);
    });
    gone += ids.length;
    const each = Math.max(1, standings / ids.length);
    size = Math.max(1, Math.min(cyclesMax, Math.floor(standingsMax / each)));
  }
  await storage.tenant(tenant, (tx) => releaseLease(tx, lease));
  return gone;
}

async function cyclesOf(tx: TenantTx): Promise<{ id: string; endMs: number }[]> {
  const { rows } = await sql<{ id: string; end_ms: bigint }>`
    select id, end_ms from learning_cycle where tenant_id = ${tx.tenant}
    order by end_ms desc`.execute(tx.sql);
  return rows.map((row) => ({ id: row.id, endMs: Number(row.end_ms) }));
}

/** Returns how many standings went with them. */
async function forget(tx: TenantTx, ids: readonly string[]): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    delete from learning_trust
    where tenant_id = ${tx.tenant} and cycle_id = any(${ids}::text[])`.execute(tx.sql);
  await sql`delete from learning_cycle
    where tenant_id = ${tx.tenant} and id = any(${ids}::text[])`.execute(tx.sql);
  return Number(numAffectedRows);
}

const cycleId = /^cyc_[0-9a-hjkmnp-tv-z]{26}$/;

/**
 * The id, if that cycle is kept.
 *
 * @throws Fault CYCLE_NOT_KEPT for one that was thinned out, NOT_FOUND for what never was one.
 */
export async function keptCycle(tx: TenantTx, id: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select id from learning_cycle where tenant_id = ${tx.tenant} and id >= ${id}
    order by id limit 1`.execute(tx.sql);
  const [row] = rows;
  if (row?.id === id) return id;
  // Ids sort by time: what lies before one that is kept was there, or could have been.
  if (row === undefined || !cycleId.test(id)) {
    throw new Fault(Reason.NOT_FOUND, { object: `cycle ${id}` });
  }
  throw new Fault(Reason.CYCLE_NOT_KEPT, { cycle: id, next: row.id });
}
