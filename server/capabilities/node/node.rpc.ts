import type { ServiceImpl } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { ListNodesRequest, NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { insideCaller, type NodeCaller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { callerOf, nodeCallerOf } from "../../runtime/caller.ts";
import type { Hub } from "../../runtime/capability.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import { writeOf } from "../../runtime/write.ts";
import { heartbeatTaker } from "./heartbeat.rpc.ts";
import type { Liveness } from "./liveness.loop.ts";
import { retire, setMaintenance } from "./node.ts";
import type { NodeStore } from "./node.store.ts";
import type { WatchKit } from "./watch.rpc.ts";
import { watchNodes } from "./watch.rpc.ts";

/** Whoever lists without naming states sees all that may still be met. */
const statesDefault = [
  NodeState.ONLINE,
  NodeState.DEGRADED,
  NodeState.OFFLINE,
  NodeState.MAINTENANCE,
];

/** What can be asked of node. */
export function nodeRpc(
  hub: Hub,
  kit: WatchKit,
  liveness: Liveness,
): ServiceImpl<typeof NodeService> {
  const nodes = kit.store;
  return {
    async registerNode(request, context) {
      const caller = nodeCallerOf(context);
      const identity = await identityOf(hub, caller);
      const { profile } = request;
      if (profile === undefined) throw new Error("validation let a missing profile pass");
      const node = await nodes.register(writeOf(request, context), identity, profile);
      const { heartbeatMs, leaseMs } = hub.config();
      return { node, heartbeatMs, leaseMs };
    },

    heartbeat: heartbeatTaker(hub, liveness),

    async getNode(request, context) {
      return { node: await nodes.find(callerOf(context).tenant, request.node) };
    },

    listNodes: (request, context) => listNodes(nodes, callerOf(context).tenant, request),

    watchNodes(request, context) {
      const { tenant } = callerOf(context);
      return watchNodes(kit, tenant, request.afterCursor, context.signal);
    },

    async setMaintenance(request, context) {
      const write = writeOf(request, context);
      const node = await nodes.change(write, request.node, (seen, nowMs) =>
        setMaintenance(seen, write.caller, request, { ...liveness.terms(), nowMs }),
      );
      return { node };
    },

    async retireNode(request, context) {
      const write = writeOf(request, context);
      const node = await nodes.change(write, request.node, (seen, nowMs) =>
        retire(seen.node, write.caller, request.reason, nowMs),
      );
      return { node };
    },
  };
}

async function listNodes(nodes: NodeStore, tenant: TenantId, request: ListNodesRequest) {
  const states = request.states.length === 0 ? statesDefault : request.states;
  const list = `nodes:${states.join()}`;
  const wish = pageWish(request.page, list);
  const found = await nodes.list(tenant, wish, states);
  const last = found.length < wish.size ? undefined : found.at(-1);
  const nextPageToken = last === undefined ? "" : pageToken(list, [last.name, last.id]);
  return { nodes: found, nextPageToken };
}

/** Name and role are identity's to say. */
async function identityOf(hub: Hub, caller: NodeCaller): Promise<Identity> {
  const identities = hub.calls.as(IdentityService, insideCaller("node", caller.tenant));
  const answer = await identities.listIdentities({ nodeIds: [caller.nodeId] });
  const [identity] = answer.identities;
  if (identity === undefined)
    throw new Fault(Reason.NOT_FOUND, { object: `identity of ${caller.id}` });
  return identity;
}
