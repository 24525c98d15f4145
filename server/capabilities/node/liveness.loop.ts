import type { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub, Loop } from "../../runtime/capability.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { Pulse, Terms } from "./liveness.ts";
import { missedMs, stateOf } from "./liveness.ts";
import type { Suspect } from "./liveness.store.ts";
import { findSilent } from "./liveness.store.ts";
import type { NodeStore } from "./node.store.ts";

/** How often leases are looked at; a lapse is told within a second. */
const lookMs = 400;

/** A loop that was silent for longer slept with its machine: nobody could have reached it. */
const sleptMs = 5_000;

const settledMax = 200;
const bell = "node_state";

/** Who watches over leases. */
export interface Liveness {
  readonly loop: Loop;
  /** What states are judged by now. */
  terms(): Omit<Terms, "nowMs">;
  /** Looks at a node at once when its heartbeat changes how it stands. */
  notice(beat: Noticed): void;
}

/** A node as it was told last, and its new heartbeat. */
export interface Noticed {
  readonly tenant: TenantId;
  readonly nodeId: string;
  readonly was: NodeState;
  readonly pulse: Pulse;
}

/**
 * Finds nodes whose state changed by time alone, and tells it. A hub that was away could not hear
 * anybody: after its start, and after a failure of its store, every node that stood up has one
 * lease time to come back before silence is held against it.
 */
export function openLiveness(
  hub: Pick<Hub, "storage" | "config" | "log">,
  store: NodeStore,
): Liveness {
  const { storage } = hub;
  const noticed = new Map<string, Suspect>();
  let judgedFromMs = Number.POSITIVE_INFINITY;
  let lookedMs = Number.NEGATIVE_INFINITY;
  const terms = () => ({ judgedFromMs, heartbeatMs: Number(hub.config().heartbeatMs) });

  async function look(): Promise<void> {
    const nowMs = storage.nowMs();
    const leaseMs = Number(hub.config().leaseMs);
    if (nowMs - lookedMs > sleptMs) judgedFromMs = nowMs + leaseMs;
    const leadMs = Math.max(0, leaseMs - missedMs(terms().heartbeatMs));
    const silent = await findSilent(storage, nowMs, leadMs);
    lookedMs = storage.nowMs();
    const heard = [...noticed.values()];
    noticed.clear();
    for (const [tenant, ids] of byTenant(nowMs < judgedFromMs ? heard : [...heard, ...silent])) {
      await settle(tenant, ids);
    }
  }

  /**
   * One tenant's trouble is not the others': it is logged, and looked at again in the next round.
   */
  async function settle(tenant: TenantId, ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length; at += settledMax) {
      await store
        .settle(tenant, ids.slice(at, at + settledMax), terms())
        .catch((error: unknown) => hub.log.error("states not settled", { tenant, error }));
    }
  }

  return {
    loop: { name: "node.liveness", run: (signal) => lookAgain(storage, look, signal) },
    terms,
    notice({ tenant, nodeId, was, pulse }) {
      if (stateOf(was, pulse, { ...terms(), nowMs: pulse.seenMs }) === was) return;
      noticed.set(`${tenant}/${nodeId}`, { tenant, nodeId });
      storage.wake.ring(bell, tenant);
    },
  };
}

/** Every so often, and whenever a heartbeat rings. */
async function lookAgain(
  storage: Storage,
  look: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const pause = new AbortController();
    const either = AbortSignal.any([signal, pause.signal]);
    const rung = storage.wake.next(bell, undefined, either);
    await look();
    await Promise.race([rung, storage.world.timers.sleep(lookMs, either)]);
    pause.abort();
  }
}

function byTenant(suspects: readonly Suspect[]): Map<TenantId, string[]> {
  const grouped = Map.groupBy(suspects, (suspect) => suspect.tenant);
  return new Map([...grouped].map(([tenant, list]) => [tenant, list.map((one) => one.nodeId)]));
}
