import type { Loop } from "../../runtime/capability.ts";
import { tell } from "../../runtime/storage/outbox.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { refusedFact, type Refusals } from "./refused.ts";

/** A node's refusals are told at most this often: a forger fills neither log nor disk. */
export const refusedEveryMs = 1_000;

/**
 * Tells what was refused, at once and then at most once a second and node, in transactions of their
 * own: nobody who publishes waits for it. What waits when the hub stops is told before it ends.
 */
export function refusedLoop(storage: Storage, refusals: Refusals): Loop {
  return {
    name: "event.refused",
    async run(signal) {
      const aborted = new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
      while (!signal.aborted) {
        await Promise.race([refusals.some(), aborted]);
        await tellRefused(storage, refusals);
        await storage.world.timers.sleep(refusedEveryMs, signal);
      }
      await tellRefused(storage, refusals);
    },
  };
}

/** Of several tenants one that fails keeps no other waiting; its sums are told the next time. */
async function tellRefused(storage: Storage, refusals: Refusals): Promise<void> {
  const byTenant = Map.groupBy(refusals.take(), ({ tenant }) => tenant);
  const failures: unknown[] = [];
  for (const [tenant, sums] of byTenant) {
    try {
      await storage.tenant(tenant, (tx) => tell(tx, sums.map(refusedFact)));
    } catch (error) {
      failures.push(error);
      refusals.putBack(sums);
    }
  }
  if (failures.length > 0) throw failures[0];
}
