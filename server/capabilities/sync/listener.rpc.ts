import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { type ListedPeer, ListedPeerSchema } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { membershipMs } from "@foedus/kernel/sync/membership.ts";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { callerOf } from "../../runtime/caller.ts";
import type { Hub } from "../../runtime/capability.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import { zonesOf } from "./grant.ts";
import { isTrusted } from "./peer.ts";
import type { Listener, PeerStore } from "./peer.store.ts";

/** Who goes on with whom while the hub is away. */
export type ListenerHalf = Pick<ServiceImpl<typeof SyncService>, "listPeers">;

/** Lists nodes that listen for others. */
export function listenerRpc(
  hub: Pick<Hub, "calls" | "config">,
  peers: Pick<PeerStore, "listeners">,
): ListenerHalf {
  return {
    async listPeers({ page }, context) {
      const { tenant } = callerOf(context);
      const wish = pageWish(page, "peers");
      const found = await peers.listeners(tenant, wish);
      const nodeIds = found.map(({ nodeId }) => nodeId);
      const identities = hub.calls.as(IdentityService, insideCaller("sync", tenant));
      const asked = { nodeIds, page: { size: nodeIds.length } };
      const answer =
        nodeIds.length === 0 ? { identities: [] } : await identities.listIdentities(asked);
      const known = new Map(answer.identities.map((one) => [one.nodeId, one]));
      const { zones } = hub.config();
      const last = found.length < wish.size ? undefined : found.at(-1);
      return {
        peers: found.map((one) => listed(one, known.get(one.nodeId), zones)),
        nextPageToken: last === undefined ? "" : pageToken("peers", [last.nodeId]),
      };
    },
  };
}

function listed(
  { nodeId, address, meetMs, expireMs, grant }: Listener,
  identity: Identity | undefined,
  hubZones: readonly string[],
): ListedPeer {
  return create(ListedPeerSchema, {
    nodeId,
    node: identity?.name ?? "",
    address,
    zones: [...zonesOf(hubZones, grant)],
    meetTime: timestampFromMs(meetMs),
    leaseExpireTime: timestampFromMs(expireMs),
    membershipExpireTime: timestampFromMs(meetMs + membershipMs),
    told: identity !== undefined && isTrusted(identity),
  });
}
