import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub } from "../../runtime/capability.ts";

/** What those are called whom sync knows by id. */
export interface Names {
  /** Of each id that has a name its name. */
  of(tenant: TenantId, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** A node keeps its name for life, so it is asked for once. */
const namesMax = 10_000;
const askedMax = 1_000;

const agent = /\/agent\/([^/]+)$/u;

/** Asks identity for the names of nodes, and remembers them. */
export function openNames(hub: Pick<Hub, "calls">): Names {
  const known = new Map<string, string>();
  const learn = async (tenant: TenantId, nodeIds: readonly string[]) => {
    const identities = hub.calls.as(IdentityService, insideCaller("sync", tenant));
    const page = { size: askedMax };
    const answer = await identities.listIdentities({ nodeIds: [...nodeIds], page });
    if (known.size > namesMax) known.clear();
    for (const { nodeId, name } of answer.identities) known.set(keyOf(tenant, nodeId), name);
  };
  return {
    async of(tenant, ids) {
      const nodeIds = ids.filter((id) => id.startsWith("node_") && !known.has(keyOf(tenant, id)));
      const unknown = [...new Set(nodeIds)];
      for (let at = 0; at < unknown.length; at += askedMax) {
        await learn(tenant, unknown.slice(at, at + askedMax));
      }
      return new Map(
        ids.flatMap((id): [string, string][] => {
          const name = known.get(keyOf(tenant, id)) ?? agent.exec(id)?.[1];
          return name === undefined ? [] : [[id, name]];
        }),
      );
    },
  };
}

function keyOf(tenant: TenantId, id: string): string {
  return `${tenant}/${id}`;
}
