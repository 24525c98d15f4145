import { timestampMs } from "@bufbuild/protobuf/wkt";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { NetworkHealth } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { CapabilityStatus, HubProcess } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { CapabilityState } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { NodeState, type Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { QueueService, type Queue } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub } from "../../runtime/capability.ts";
import type { Findings, Unserved } from "./health.ts";

const pageSize = 1_000;

/** A hub that died longer ago was given up. */
const lostMs = 3_600_000;

/** Asks everybody who knows something of the tenant's federation. */
export async function ask(hub: Hub, tenant: TenantId): Promise<Findings> {
  const nowMs = hub.storage.nowMs();
  const { capabilities, draining } = hub.status();
  const cutOff = await quarantinedOf(hub, tenant);
  const states = await statesOf(hub, tenant, cutOff);
  const count = (state: NodeState) => states.get(state) ?? 0;
  return {
    nowMs,
    online: count(NodeState.ONLINE),
    degraded: count(NodeState.DEGRADED),
    offline: count(NodeState.OFFLINE),
    maintenance: count(NodeState.MAINTENANCE),
    quarantined: cutOff.size,
    waiting: await ifServing(capabilities, "access", 0, () => waitingOf(hub, tenant)),
    failing: draining ? [] : capabilities.filter(isFailing),
    network: await ifServing(capabilities, "learning", NetworkHealth.UNSPECIFIED, () =>
      networkOf(hub, tenant),
    ),
    lost: hub.processes.list().filter((one) => isLost(one, nowMs)),
    unserved: await ifServing(capabilities, "task", [], () => unservedOf(hub, tenant, nowMs)),
  };
}

/** What does not run is among the failing; asking it would only hide the rest. */
async function ifServing<T>(
  capabilities: readonly CapabilityStatus[],
  name: string,
  otherwise: T,
  act: () => Promise<T>,
): Promise<T> {
  const found = capabilities.find((one) => one.name === name);
  return found === undefined || isFailing(found) ? otherwise : act();
}

function isFailing({ state }: CapabilityStatus): boolean {
  return state === CapabilityState.RETRYING || state === CapabilityState.STOPPED;
}

function isLost({ live, seenTime }: HubProcess, nowMs: number): boolean {
  return !live && seenTime !== undefined && nowMs - timestampMs(seenTime) < lostMs;
}

async function waitingOf(hub: Hub, tenant: TenantId): Promise<number> {
  const access = hub.calls.as(AccessService, insideCaller("hub", tenant));
  return (await access.getAccess({})).waiting;
}

async function networkOf(hub: Hub, tenant: TenantId): Promise<NetworkHealth> {
  const learning = hub.calls.as(LearningService, insideCaller("hub", tenant));
  const { cycle } = await learning.getNetwork({});
  return cycle?.aggregate?.networkHealth ?? NetworkHealth.UNSPECIFIED;
}

/** Tasks that nobody has come for in so long are told of. */
const unservedMs = 5 * 60_000;

/** Queues whose tasks wait for workers, of which there are none. */
async function unservedOf(hub: Hub, tenant: TenantId, nowMs: number): Promise<Unserved[]> {
  const queues = hub.calls.as(QueueService, insideCaller("hub", tenant));
  const found: Unserved[] = [];
  let token = "";
  do {
    const page = await queues.listQueues({ page: { size: pageSize, token } });
    for (const queue of page.queues) {
      const sinceMs = unservedSince(queue);
      if (sinceMs === undefined || nowMs - sinceMs < unservedMs) continue;
      found.push({ name: queue.name, ready: Number(queue.ready), sinceMs });
    }
    token = page.nextPageToken;
  } while (token !== "");
  return found;
}

function unservedSince({ ready, workers, settings, oldestReadyTime }: Queue): number | undefined {
  if (ready === 0n || workers > 0 || settings?.paused || oldestReadyTime === undefined) return;
  return timestampMs(oldestReadyTime);
}

/** Ids of the nodes that are cut off until somebody decides. */
async function quarantinedOf(hub: Hub, tenant: TenantId): Promise<Set<string>> {
  const identities = hub.calls.as(IdentityService, insideCaller("hub", tenant));
  const found = new Set<string>();
  let token = "";
  do {
    const page = await identities.listIdentities({ page: { size: pageSize, token } });
    for (const { nodeId, quarantineTime, revokeTime } of page.identities) {
      if (quarantineTime !== undefined && revokeTime === undefined) found.add(nodeId);
    }
    token = page.nextPageToken;
  } while (token !== "");
  return found;
}

async function statesOf(
  hub: Hub,
  tenant: TenantId,
  without: ReadonlySet<string>,
): Promise<Map<NodeState, number>> {
  const nodes = hub.calls.as(NodeService, insideCaller("hub", tenant));
  const counts = new Map<NodeState, number>();
  const note = ({ id, state }: Node) => {
    if (!without.has(id)) counts.set(state, (counts.get(state) ?? 0) + 1);
  };
  let token = "";
  do {
    const page = await nodes.listNodes({ page: { size: pageSize, token } });
    for (const node of page.nodes) note(node);
    token = page.nextPageToken;
  } while (token !== "");
  return counts;
}
