import { EventRefusedSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema, StoredEventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { factType } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { isHubOf } from "@foedus/kernel/spiffe.ts";
import type { Hub, Loop } from "../../runtime/capability.ts";
import { fromBody } from "../../runtime/storage/body.ts";
import { follow, type Follower } from "../../runtime/storage/follow.ts";
import type { LogEntry } from "../../runtime/storage/log.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { breachMax, breachOf, evidenceIn, quarantineId } from "./breach.ts";
import { countBreach, dropBreaches } from "./breach.store.ts";

type Kit = Pick<Hub, "calls" | "identity" | "storage">;

/**
 * Quarantines a node that goes on sending what no honest node sends. It reads the event log, so
 * that the evidence it names can be looked up there by everybody.
 */
export function breachLoop(hub: Kit): Loop {
  const follower: Follower = {
    name: "access.breach",
    log: "event",
    kinds: [factType(EventRefusedSchema)],
    act: async (tx, entries) => {
      for (const entry of entries) await weigh(hub, tx, entry);
    },
  };
  return { name: follower.name, run: (signal) => follow(hub.storage, follower, signal) };
}

async function weigh(hub: Kit, tx: TenantTx, entry: LogEntry): Promise<void> {
  const { seq, storedMs, source, body } = entry;
  // What the hub of a peer refused is no evidence here, whomever it names.
  if (!isHubOf(hub.identity.trustDomain, source)) return;
  const { event } = fromBody(StoredEventSchema, body);
  const refused = fromBody(EventRefusedSchema, fromBody(EventSchema, event).payload);
  const breach = breachOf(refused, seq, Number(storedMs));
  if (breach === undefined) return;
  const cursors = evidenceIn(await countBreach(tx, breach), tx.nowMs);
  if (cursors === undefined) return;
  const { nodeId } = breach;
  await quarantine(hub, tx, { nodeId, cursors });
  await dropBreaches(tx, nodeId);
}

/** Asked by what the evidence is: whoever acts on it a second time changes nothing. */
async function quarantine(
  { calls }: Kit,
  { tenant }: TenantTx,
  found: { readonly nodeId: string; readonly cursors: bigint[] },
): Promise<void> {
  const { nodeId: node, cursors } = found;
  const requestId = quarantineId(cursors);
  const reason = `it sent ${breachMax} or more batches that no honest node sends`;
  try {
    const identities = calls.as(IdentityService, insideCaller("access", tenant));
    await identities.quarantineNode({ requestId, node, reason, cursors });
  } catch (error) {
    // A hub of another domain has no identity here that could be quarantined.
    if (!(error instanceof Fault) || error.reason !== Reason.NOT_FOUND) throw error;
  }
}
