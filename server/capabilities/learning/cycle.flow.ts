import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub } from "../../runtime/capability.ts";
import { tell } from "../../runtime/storage/outbox.ts";
import { acquireLease, renewLease, type Lease } from "../../runtime/storage/lease.ts";
import { cycleIn, lockDue, type CycleOrder, type Roll } from "./cycle.store.ts";

const pageSize = 1_000;

/** How long a hub keeps a tenant's cycles to itself. */
const turnMs = 30_000;

/** What a cycle asks with. */
export type CycleHub = Pick<Hub, "calls" | "config" | "storage" | "world">;

/** Gathers what a cycle needs from the others, before anything is locked. */
export async function gatherOrder(
  hub: CycleHub,
  tenant: TenantId,
  askedBy: string,
): Promise<CycleOrder> {
  const startMs = hub.world.clock.monotonic();
  const roll = await rollOf(hub, tenant);
  const heartbeatMs = Number(hub.config().heartbeatMs);
  return { roll, askedBy, heartbeatMs, tookMs: () => hub.world.clock.monotonic() - startMs };
}

/** Runs the cycle that the clock asks for; false when another hub did, or does. */
export async function runDue(hub: CycleHub, tenant: TenantId, holder: string): Promise<boolean> {
  const wish = { kind: "learning", name: "cycle", holder, forMs: turnMs };
  const lease = await hub.storage.tenant(tenant, (tx) => acquireLease(tx, wish));
  const order = await gatherOrder(hub, tenant, "");
  return await commitDue(hub, tenant, order, lease);
}

/** A hub whose turn is over meanwhile throws LEASE_LOST here, and nothing of its cycle stays. */
async function commitDue(
  { storage }: CycleHub,
  tenant: TenantId,
  order: CycleOrder,
  lease: Lease,
): Promise<boolean> {
  return await storage.tenant(tenant, async (tx) => {
    if (!(await lockDue(tx))) return false;
    await renewLease(tx, lease, turnMs);
    const { facts } = await cycleIn(tx, order);
    await tell(tx, facts);
    return true;
  });
}

/** Both lists at once: while one page is decoded, the database works on another. */
async function rollOf({ calls }: CycleHub, tenant: TenantId): Promise<Roll> {
  const inside = insideCaller("learning", tenant);
  const nodes: Node[] = [];
  const vouched = new Set<string>();
  const registered = everyPage(async (page) => {
    const answer = await calls.as(NodeService, inside).listNodes({ page });
    nodes.push(...answer.nodes);
    return answer.nextPageToken;
  });
  const admitted = everyPage(async (page) => {
    const answer = await calls.as(IdentityService, inside).listIdentities({ page });
    for (const one of answer.identities) if (one.vouched) vouched.add(one.nodeId);
    return answer.nextPageToken;
  });
  await Promise.all([registered, admitted]);
  return { nodes, vouched };
}

/** Asks page by page, by what came back as the next page's token. */
async function everyPage(
  ask: (page: { size: number; token: string }) => Promise<string>,
): Promise<void> {
  let token = "";
  do token = await ask({ size: pageSize, token });
  while (token !== "");
}
