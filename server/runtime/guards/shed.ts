import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Guard } from "./guard.ts";

/** A hub this late does only what matters. */
export const shedLagMs = 500;

const retryMs = 5_000;

/** Leaves the least important calls out while the process cannot keep up. */
export function shedLeast(lagMs: () => number): Guard {
  return ({ rpc }) => {
    if (rpc.tier !== Tier.P2 || lagMs() < shedLagMs) return;
    throw new Fault(Reason.SHED, { retry_ms: retryMs });
  };
}
