import { create } from "@bufbuild/protobuf";
import type { HealthSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { Health_Status } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { FederationHealth, HubStatus } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { FederationHealthSchema } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import type { NodeProfileSchema } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeKind } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";
import type { NodeHealth } from "@foedus/sdk/node/heartbeat.ts";
import type { Hub } from "../runtime/capability.ts";

const reasonsMax = 8;

/**
 * How all below this hub is, as the hub itself tells anybody who asks. Where it cannot tell, that
 * is what its parent hears.
 */
export async function aggregateOf(hub: Hub): Promise<FederationHealth> {
  if (hub.draining.aborted) return create(FederationHealthSchema);
  const client = hub.calls.as(HubService, insideCaller("uplink", ownTenant(hub)));
  try {
    const { health } = await client.getFederationHealth({});
    return health ?? create(FederationHealthSchema);
  } catch (error) {
    if (!hub.draining.aborted) hub.log.warn("the hub cannot tell its parent how it is", { error });
    const reasons = ["the hub cannot tell how its nodes are"];
    return create(FederationHealthSchema, { status: "degraded", reasons });
  }
}

/** The tenant of this hub that its parent hears of. */
export function ownTenant(hub: Pick<Hub, "config">): TenantId {
  return tenantProved(hub.config().tenant);
}

/** What the parent hears in each heartbeat; a hub without nodes has nothing wrong with it. */
export function healthOf({ status, reasons }: FederationHealth): NodeHealth {
  return { healthy: !isIll(status), reasons: isIll(status) ? reasons.slice(0, reasonsMax) : [] };
}

/** The same as an event, for whoever looks at the parent's log. */
export function healthEvent(
  health: FederationHealth,
  latencyMs: number | undefined,
  nowMs: number,
): MessageInitShape<typeof HealthSchema> {
  const { healthy, reasons = [] } = healthOf(health);
  return {
    status: healthy ? Health_Status.HEALTHY : Health_Status.DEGRADED,
    latencyMs,
    degradedReasons: [...reasons],
    sampleMs: BigInt(nowMs),
  };
}

function isIll(status: string): boolean {
  return status === "degraded" || status === "critical";
}

/** What the parent shows of this hub: who it is, and how many are below it. */
export function profileOf(
  { version, trustDomain, webAddress }: HubStatus,
  health: FederationHealth,
): MessageInitShape<typeof NodeProfileSchema> {
  const { online, degraded, offline, maintenance } = health;
  const nodes = online + degraded + offline + maintenance;
  const counts = { online, degraded, offline, maintenance };
  const present = Object.entries(counts).filter(([, count]) => count > 0);
  const words = present.map(([state, count]) => `${count} ${state}`).join(", ");
  return {
    kind: NodeKind.HUB,
    title: trustDomain,
    description: nodes === 0 ? "A hub without nodes." : `A hub with ${nodes} nodes: ${words}.`,
    version,
    software: `foedus/${version}`,
    tags: ["hub", `nodes:${nodes}`, ...present.map(([state, count]) => `${state}:${count}`)],
    url: webAddress === "" ? "" : `${webAddress}/`,
  };
}
