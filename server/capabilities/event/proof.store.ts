import type { StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { leafHash } from "@foedus/kernel/merkle.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Neighbours } from "./stored.ts";
import { fullProof, neighbours, storedEvent } from "./stored.ts";

/** The same events with the paths of their proofs, read from the batches they were stored with. */
export async function withPaths(
  storage: Storage,
  tenant: TenantId,
  events: readonly StoredEvent[],
): Promise<StoredEvent[]> {
  const batches = new Map<bigint, Neighbours>();
  for (const event of events) {
    const batch = neighbours(event);
    if (batch !== undefined) batches.set(batch.first, batch);
  }
  if (batches.size === 0) return [...events];
  const leaves = await storage.tenant(tenant, (tx) => readLeaves(tx, batches));
  return events.map((event) => {
    const found = leaves.get(neighbours(event)?.first ?? -1n);
    return found === undefined ? event : fullProof(event, found);
  });
}

/** How many batches one statement reads: a batch is at most as large as a request. */
const batchesMax = 16;

async function readLeaves(
  tx: TenantTx,
  batches: ReadonlyMap<bigint, Neighbours>,
): Promise<Map<bigint, Uint8Array[]>> {
  const leaves = new Map<bigint, Uint8Array[]>();
  const wanted = [...batches.values()];
  for (let at = 0; at < wanted.length; at += batchesMax) {
    for (const { first, seq, body } of await readBatches(tx, wanted.slice(at, at + batchesMax))) {
      const hashes = leaves.get(first) ?? [];
      hashes.push(leafHash(storedEvent({ seq, storedMs: 0n, body }).event));
      leaves.set(first, hashes);
    }
  }
  // A batch leaves the log as a whole: without all of it there is nothing to prove by.
  for (const { first, count } of wanted) {
    if (leaves.get(first)?.length !== count) leaves.delete(first);
  }
  return leaves;
}

interface MemberRow {
  first: bigint;
  seq: bigint;
  body: Buffer;
}

async function readBatches(tx: TenantTx, batches: readonly Neighbours[]): Promise<MemberRow[]> {
  const { rows } = await sql<MemberRow>`
    select r.first, e.seq, e.body
    from unnest(${batches.map((one) => one.first)}::bigint[],
                ${batches.map((one) => one.first + BigInt(one.count))}::bigint[]) as r (first, past)
    join event_log e on e.tenant_id = ${tx.tenant} and e.seq >= r.first and e.seq < r.past
    order by e.seq`.execute(tx.sql);
  return rows;
}
