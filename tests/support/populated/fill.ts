// Nodes that never joined, for sizes at which a thousand certificates would prove nothing more.
import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { IdentitySchema } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { HealthStatus, NodeProfileSchema } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { HeartbeatRequestSchema } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Audience } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { NodeCaller } from "@foedus/kernel/caller.ts";
import { newId } from "@foedus/kernel/ids.ts";
import { nodeSpiffe } from "@foedus/kernel/spiffe.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { heartbeatWriter } from "../../../server/capabilities/node/heartbeat.store.ts";
import { nodeStore } from "../../../server/capabilities/node/node.store.ts";
import type { Hub } from "../../../server/runtime/capability.ts";
import { startLocalHub } from "../hub.local.ts";
import { degradedReason, type Planned } from "./fleet.ts";

/** Where a hub's folder and its database are. */
export interface Ground {
  readonly data: string;
  readonly url: string;
}

const main = tenantProved("main");
const atOnce = 8;

/**
 * Writes nodes into the database of a hub that does not run yet. Each is registered and beats by
 * the store's own functions, so its rows, its place, its audit leaf and its facts are those that
 * RegisterNode and Heartbeat write. What it lacks is what joining would have made: an identity
 * with a certificate, a link, and events that it signed.
 */
export async function fill(ground: Ground, fleet: readonly Planned[], leaseMs: number) {
  const local = await startLocalHub({ again: ground });
  try {
    const { storage } = local.hub;
    const [nodes, beats] = [nodeStore(storage), heartbeatWriter(storage)];
    const ids: string[] = [];
    const waiting = fleet.toReversed();
    const line = async () => {
      for (let planned = waiting.pop(); planned !== undefined; planned = waiting.pop()) {
        const { identity, write } = newcomer(local.hub, planned);
        const profile = create(NodeProfileSchema, planned.profile);
        await nodes.register(write, identity, profile);
        ids.push(identity.nodeId);
        if (planned.standing === "offline") continue;
        await beats.add({ ...beatOf(planned, identity.nodeId, storage.nowMs()), leaseMs });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, line));
    await nodes.settle(main, ids, { heartbeatMs: leaseMs, judgedFromMs: 0 });
  } finally {
    await local.stop({ keep: true });
  }
}

function newcomer(hub: Hub, { name, role }: Planned) {
  const nodeId = newId("node", realWorld);
  const spiffeId = nodeSpiffe(hub.identity.trustDomain, main, nodeId);
  const caller: NodeCaller = {
    kind: "node",
    audience: Audience.NODE,
    tenant: main,
    role,
    id: spiffeId,
    nodeId,
    certificateSerial: "01",
    certificateExpireMs: Number.MAX_SAFE_INTEGER,
  };
  const write = {
    caller,
    method: "foedus.node.v1.NodeService/RegisterNode",
    requestId: randomUUID(),
    requestHash: new Uint8Array(32),
    answersSecret: false,
  };
  return { identity: create(IdentitySchema, { nodeId, name, role, spiffeId }), write };
}

function beatOf({ standing, tripMs, skewMs }: Planned, nodeId: string, receivedMs: number) {
  const degraded = standing === "degraded";
  const request = create(HeartbeatRequestSchema, {
    epoch: BigInt(receivedMs),
    sequence: 1n,
    sentMs: BigInt(receivedMs),
    roundTripUs: BigInt(tripMs * 1_000),
    health: degraded ? HealthStatus.DEGRADED : HealthStatus.HEALTHY,
    reasons: degraded ? [degradedReason] : [],
  });
  return { tenant: main, nodeId, receivedMs, skewMs: BigInt(skewMs), request };
}
