import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub } from "../../runtime/capability.ts";
import { followOnce, placeOf, type Follower } from "../../runtime/storage/follow.ts";
import { readHead, type LogName } from "../../runtime/storage/log.ts";
import type { Storage } from "../../runtime/storage/storage.ts";

/** Who brings what the hub itself decides into the event log. */
const relayName = "event.relay";

/** Longer than a full second of publishing takes, and less than somebody waits for an answer. */
const foldMsMax = 8_000;

const lookMs = 20;

/**
 * Reads the log up to its head, so that a cycle stands on all that was told before it was asked
 * for: what the hub decided is relayed first, then all of it witnessed.
 *
 * @throws Fault LEARNING_BEHIND when that takes too long.
 */
export async function foldLog(
  { storage, world }: Pick<Hub, "storage" | "world">,
  witness: Follower,
  tenant: TenantId,
  mostMs = foldMsMax,
): Promise<void> {
  const untilMs = world.clock.monotonic() + mostMs;
  const late = () => world.clock.monotonic() > untilMs;
  const decided = await headOf(storage, tenant, "outbox");
  for (;;) {
    const waiting = decided - (await place(storage, tenant, relayName));
    if (waiting <= 0n) break;
    if (late()) throw new Fault(Reason.LEARNING_BEHIND, { waiting });
    await world.timers.sleep(lookMs);
  }
  const told = await headOf(storage, tenant, "event");
  for (;;) {
    const waiting = told - (await place(storage, tenant, witness.name));
    if (waiting <= 0n) return;
    if (late()) throw new Fault(Reason.LEARNING_BEHIND, { waiting });
    await followOnce(storage, witness, tenant);
  }
}

async function headOf(storage: Storage, tenant: TenantId, log: LogName): Promise<bigint> {
  return (await storage.tenant(tenant, (tx) => readHead(tx, log))).seq;
}

async function place(storage: Storage, tenant: TenantId, name: string): Promise<bigint> {
  return await storage.tenant(tenant, (tx) => placeOf(tx, name));
}
