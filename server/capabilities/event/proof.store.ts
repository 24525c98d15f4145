import type { StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { leafHash } from "@foedus/kernel/merkle.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { readLog } from "../../runtime/storage/log.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import { eventLog } from "./append.store.ts";
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

async function readLeaves(
  tx: TenantTx,
  batches: ReadonlyMap<bigint, Neighbours>,
): Promise<Map<bigint, Uint8Array[]>> {
  const leaves = new Map<bigint, Uint8Array[]>();
  for (const [first, { count }] of batches) {
    const { entries } = await readLog(tx, eventLog, first - 1n, count);
    // A batch leaves the log as a whole: without all of it there is nothing to prove by.
    if (entries[0]?.seq !== first || entries.length !== count) continue;
    leaves.set(
      first,
      entries.map((entry) => leafHash(storedEvent(entry).event)),
    );
  }
  return leaves;
}
