import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub, Loop } from "../../runtime/capability.ts";
import { hear } from "../../runtime/storage/hear.ts";
import type { Crew } from "./crew.flow.ts";
import type { Nodes } from "./nodes.flow.ts";

/** What a node says anew of itself counts at once, also for its workers that are here already. */
export function nodesLoop(hub: Pick<Hub, "storage" | "log">, nodes: Nodes, crew: Crew): Loop {
  const refresh = async (tenant: TenantId, nodeId: string) => {
    const node = await nodes.of(tenant, nodeId);
    for (const mate of crew.of(tenant, nodeId)) {
      if (mate.line !== undefined) mate.line.moved(node);
      else mate.node = node;
    }
  };
  const again = (tenant: TenantId, nodeId: string) => {
    nodes.forget(tenant, nodeId);
    if (crew.of(tenant, nodeId).length === 0) return;
    refresh(tenant, nodeId).catch((error: unknown) => {
      hub.log.warn("a node's words could not be read anew", { node: nodeId, error });
    });
  };
  const hearer = {
    log: "outbox",
    kinds: ["node.registered"],
    hear: (tenant: TenantId, { subject }: { readonly subject: string }) => again(tenant, subject),
    restart() {
      const known = [...crew.all()].map(({ tenant, node }) => [tenant, node.nodeId] as const);
      for (const [tenant, nodeId] of known) again(tenant, nodeId);
    },
  } as const;
  return { name: "task.nodes", run: (signal) => hear(hub.storage, hearer, signal) };
}
