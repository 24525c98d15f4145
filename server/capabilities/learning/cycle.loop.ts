import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { newId } from "@foedus/kernel/ids.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub, Loop } from "../../runtime/capability.ts";
import { runDue } from "./cycle.flow.ts";
import type { LearningStore } from "./learning.store.ts";
import { watchAll } from "./watch.store.ts";

/** How often the clock is looked at. */
const lookMs = 5_000;

/** Runs the cycle of each tenant when it is due; of several hubs one has a tenant's turn. */
export function cycleLoop(hub: Hub, store: LearningStore): Loop {
  const holder = newId("run", hub.world);
  return {
    name: "learning.cycle",
    async run(signal) {
      while (!signal.aborted) {
        await watchAll(hub.storage);
        for (const tenant of await store.due()) {
          if (signal.aborted) return;
          await turn(hub, tenant, holder);
        }
        await hub.world.timers.sleep(lookMs, signal);
      }
    },
  };
}

/** One tenant's trouble is not the others': it is logged, and tried again at the next look. */
async function turn(hub: Hub, tenant: TenantId, holder: string): Promise<void> {
  try {
    await runDue(hub, tenant, holder);
  } catch (error) {
    if (error instanceof Fault && others.has(error.reason)) return;
    // A Fault says why, and ends by itself: a hub that sheds, a database that is away.
    if (error instanceof Fault) hub.log.warn("cycle put off", { tenant, error });
    else hub.log.error("cycle not run", { tenant, error });
  }
}

/** Somebody else has the turn. */
const others = new Set<Reason>([Reason.LEASE_HELD, Reason.LEASE_LOST]);
