import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { newId } from "@foedus/kernel/ids.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub, Loop } from "../../runtime/capability.ts";
import { thin } from "./keep.store.ts";
import type { LearningStore } from "./learning.store.ts";

const everyMs = 3_600_000;

/** Thins out old cycles, now and every hour; of several hubs one does it for a tenant. */
export function keepLoop(hub: Pick<Hub, "storage" | "world" | "log">, store: LearningStore): Loop {
  const { world } = hub;
  const holder = newId("run", world);
  return {
    name: "learning.thin",
    async run(signal) {
      while (!signal.aborted) {
        for (const tenant of await store.tenants()) {
          if (signal.aborted) return;
          await turn(hub, tenant, holder, signal);
        }
        await world.timers.sleep(everyMs, signal);
      }
    },
  };
}

/** One tenant's trouble is not the others': it is logged, and tried again in an hour. */
async function turn(
  { storage, log }: Pick<Hub, "storage" | "log">,
  tenant: TenantId,
  holder: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await thin(storage, tenant, holder, signal);
  } catch (error) {
    if (error instanceof Fault && others.has(error.reason)) return;
    log.error("cycles not thinned out", { tenant, error });
  }
}

/** Somebody else has the turn. */
const others = new Set<Reason>([Reason.LEASE_HELD, Reason.LEASE_LOST]);
