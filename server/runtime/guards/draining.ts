import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Guard } from "./guard.ts";
import type { Rpc } from "./rpc.ts";

/** When to come back to a hub that stops: about what a restart takes. */
export const reconnectMs = 2_000;

/** Whether a method goes on answering, so that balancers see why. */
export function answersToTheEnd(rpc: Rpc): boolean {
  return rpc.method.parent.typeName === "grpc.health.v1.Health";
}

/** A stopping hub takes no new work. */
export function refuseWhileDraining(draining: AbortSignal): Guard {
  return ({ rpc, door }) => {
    if (!draining.aborted || door === "inside") return;
    if (answersToTheEnd(rpc)) return;
    throw new Fault(Reason.DRAINING, { retry_ms: reconnectMs });
  };
}
