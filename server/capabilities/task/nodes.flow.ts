import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { WorkerNode } from "@foedus/kernel/task/fits.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub } from "../../runtime/capability.ts";

/** A node that workers run on. */
export interface KnownNode extends WorkerNode {
  readonly name: string;
}

/** Asks for nodes, and remembers them. */
export interface Nodes {
  of(tenant: TenantId, nodeId: string): Promise<KnownNode>;
  /** How it stands now; undefined when there is none. */
  find(tenant: TenantId, nodeId: string): Promise<Node | undefined>;
  /** It may say something else of itself now. */
  forget(tenant: TenantId, nodeId: string): void;
}

/** What a node says of itself changes seldom. */
const keptMs = 30_000;
const nodesMax = 20_000;

/** The words of nodes' profiles that tasks can ask for. */
export function openNodes(hub: Pick<Hub, "calls" | "world">): Nodes {
  const known = new Map<string, { readonly node: Promise<KnownNode>; readonly dueMs: number }>();
  return {
    of(tenant, nodeId) {
      const key = `${tenant}/${nodeId}`;
      const nowMs = hub.world.clock.monotonic();
      const before = known.get(key);
      if (before !== undefined && nowMs < before.dueMs) return before.node;
      if (known.size >= nodesMax) known.clear();
      const node = ask(hub, tenant, nodeId);
      known.set(key, { node, dueMs: nowMs + keptMs });
      node.catch(() => known.delete(key));
      return node;
    },
    find: (tenant, nodeId) => findNode(hub, tenant, nodeId),
    forget: (tenant, nodeId) => void known.delete(`${tenant}/${nodeId}`),
  };
}

async function ask(hub: Pick<Hub, "calls">, tenant: TenantId, nodeId: string): Promise<KnownNode> {
  // It works before it has registered, and says nothing of itself then: it is what it joined as.
  const node = await findNode(hub, tenant, nodeId);
  const name = node?.name ?? (await joinedAs(hub, tenant, nodeId));
  const { project = "", environment = "", team = "", domain = "" } = node?.profile ?? {};
  const said = Object.entries({ project, environment, team, domain });
  const labels = Object.fromEntries(said.filter(([, value]) => value !== ""));
  return { nodeId, name, labels };
}

/** Empty for one that never joined, e.g. this hub's own. */
async function joinedAs(hub: Pick<Hub, "calls">, tenant: TenantId, nodeId: string) {
  const identities = hub.calls.as(IdentityService, insideCaller("task", tenant));
  return (await identities.listIdentities({ nodeIds: [nodeId] })).identities[0]?.name ?? "";
}

async function findNode(
  hub: Pick<Hub, "calls">,
  tenant: TenantId,
  nodeId: string,
): Promise<Node | undefined> {
  const nodes = hub.calls.as(NodeService, insideCaller("task", tenant));
  try {
    return (await nodes.getNode({ node: nodeId })).node;
  } catch (error) {
    if (error instanceof Fault && error.reason === Reason.NOT_FOUND) return undefined;
    throw error;
  }
}
