import type { HandlerContext } from "@connectrpc/connect";
import type { HeartbeatRequest } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { nodeCallerOf } from "../../runtime/caller.ts";
import type { Hub } from "../../runtime/capability.ts";
import { isDuplicate, nextMs, skewOf } from "./heartbeat.ts";
import { heartbeatWriter, type Beat } from "./heartbeat.store.ts";
import type { Liveness } from "./liveness.loop.ts";
import type { Pulse } from "./liveness.ts";

/**
 * Takes heartbeats: each is stored, with those that come at the same time, before it is answered.
 */
export function heartbeatTaker(hub: Hub, liveness: Liveness) {
  const { storage } = hub;
  const writer = heartbeatWriter(storage);
  return async (request: HeartbeatRequest, context: HandlerContext) => {
    const { tenant, nodeId, id } = nodeCallerOf(context);
    const { heartbeatMs, leaseMs } = hub.config();
    const receivedMs = storage.nowMs();
    const skewMs = skewOf(request, receivedMs);
    const beat = { tenant, nodeId, receivedMs, leaseMs: Number(leaseMs), skewMs, request };
    const known = await writer.add(beat);
    const duplicate = isDuplicate(known, request, id);
    if (known.kept && known.state !== undefined) {
      liveness.notice({ tenant, nodeId, was: known.state, pulse: pulseOf(beat) });
    }
    return {
      hubTimeMs: BigInt(storage.nowMs()),
      nextMs: nextMs(Number(heartbeatMs), hub.world.random),
      duplicate,
      nodeAddresses: others(hub.processes.nodeAddresses()),
    };
  };
}

/** A hub that is alone need not say so ten times a minute to each of its nodes. */
function others(addresses: string[]): string[] {
  return addresses.length > 1 ? addresses : [];
}

function pulseOf({ receivedMs, leaseMs, skewMs, request }: Beat): Pulse {
  const { health, reasons, roundTripUs } = request;
  const expireMs = receivedMs + leaseMs;
  return { seenMs: receivedMs, expireMs, health, reasons, skewMs, roundTripUs };
}
