import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub, Loop } from "../../runtime/capability.ts";
import { hourly } from "../../runtime/storage/upkeep.ts";
import { forgetEnded } from "./ended.store.ts";
import type { LearningStore } from "./learning.store.ts";

const pageSize = 1_000;

/** Forgets the nodes that ended, once an hour. */
export function endedLoop(hub: Pick<Hub, "calls" | "storage">, store: LearningStore): Loop {
  const forget = async () => await forgetAllEnded(hub, await store.tenants());
  return hourly(hub.storage, "learning.ended", forget);
}

/** Forgets them tenant by tenant. */
export async function forgetAllEnded(
  hub: Pick<Hub, "calls" | "storage">,
  tenants: readonly TenantId[],
): Promise<void> {
  for (const tenant of tenants) {
    await forgetEnded(hub.storage, tenant, await nodesOf(hub, tenant));
  }
}

/** Ids of all that are registered and not retired. */
async function nodesOf({ calls }: Pick<Hub, "calls">, tenant: TenantId): Promise<string[]> {
  const nodes = calls.as(NodeService, insideCaller("learning", tenant));
  const ids: string[] = [];
  let token = "";
  do {
    const page = await nodes.listNodes({ page: { size: pageSize, token } });
    ids.push(...page.nodes.map(({ id }) => id));
    token = page.nextPageToken;
  } while (token !== "");
  return ids;
}
