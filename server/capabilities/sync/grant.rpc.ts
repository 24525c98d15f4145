import type { ServiceImpl } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import type { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { insideCaller, type Caller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { callerOf } from "../../runtime/caller.ts";
import type { Hub } from "../../runtime/capability.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import { writeOf } from "../../runtime/write.ts";
import { grant, granteeOf, zonesOf } from "./grant.ts";
import type { GrantStore } from "./grant.store.ts";
import type { Names } from "./names.flow.ts";

/** Who stands where, and who relays. */
export type GrantHalf = Pick<ServiceImpl<typeof CollectionService>, "setGrant" | "listGrants">;

/** Gives and lists grants. */
export function grantRpc(
  hub: Pick<Hub, "calls" | "config">,
  grants: GrantStore,
  names: Names,
): GrantHalf {
  return {
    async setGrant(request, context) {
      const write = writeOf(request, context);
      const node = await nodeOf(hub, write.caller.tenant, request.node);
      const { zones } = hub.config();
      const given = await grants.change(write, node.id, (known) =>
        grant(known, node, request, zones),
      );
      return { grant: given };
    },

    async listGrants({ page }, context) {
      const caller = callerOf(context);
      const wish = pageWish(page, "grants");
      // A node sees its own, and no list of who may what.
      const found = await grants.list(caller.tenant, wish, granteeOf(caller));
      const called = await names.of(
        caller.tenant,
        found.map(({ nodeId }) => nodeId),
      );
      const last = found.length < wish.size ? undefined : found.at(-1);
      return {
        grants: found.map((one) => ({ ...one, node: called.get(one.nodeId) ?? "" })),
        nextPageToken: last === undefined ? "" : pageToken("grants", [last.nodeId]),
        zones: hub.config().zones,
      };
    },
  };
}

/** By id or name; also one that joined and has not said yet what it is, as a hub below may not. */
async function nodeOf(hub: Pick<Hub, "calls">, tenant: TenantId, ref: string): Promise<Grantee> {
  const inside = insideCaller("sync", tenant);
  try {
    const { node } = await hub.calls.as(NodeService, inside).getNode({ node: ref });
    if (node !== undefined) return node;
  } catch (error) {
    if (!(error instanceof Fault && error.reason === Reason.NOT_FOUND)) throw error;
  }
  const identities = hub.calls.as(IdentityService, inside);
  for (let token = "", page = 0; page < pagesMax; page++) {
    const answer = await identities.listIdentities({ page: { size: pageSize, token } });
    const found = answer.identities.findLast(({ nodeId, name, revokeTime }) => {
      return revokeTime === undefined && (nodeId === ref || name === ref);
    });
    if (found !== undefined) return { id: found.nodeId, name: found.name };
    token = answer.nextPageToken;
    if (token === "") break;
  }
  throw new Fault(Reason.NOT_FOUND, { object: `node ${ref}` });
}

type Grantee = Pick<Node, "id" | "name">;

/** Whoever joins without a word is asked for within the first so many; its id always names it. */
const pagesMax = 20;
const pageSize = 500;

/** The zones a caller stands in at this hub. */
export type ZonesOf = (caller: Caller) => Promise<readonly string[]>;

/** Looks up where callers stand. */
export function openZones(hub: Pick<Hub, "config">, grants: Pick<GrantStore, "find">): ZonesOf {
  return async (caller) => {
    const { zones } = hub.config();
    const nodeId = granteeOf(caller);
    if (nodeId === undefined) return zones;
    return zonesOf(zones, await grants.find(caller.tenant, nodeId));
  };
}

/** @throws Fault SYNC_ZONE_FOREIGN for a zone that the caller does not stand in. */
export function demandZone(zones: readonly string[], zone: string): void {
  if (zones.includes(zone)) return;
  throw new Fault(Reason.SYNC_ZONE_FOREIGN, { zone, zones: zones.join(", ") });
}
