import type { ServiceImpl } from "@connectrpc/connect";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { mayDial, reachOf } from "@foedus/kernel/reach.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { nodeCallerOf } from "../../runtime/caller.ts";
import type { Hub } from "../../runtime/capability.ts";
import { arrivalKey } from "../../runtime/guards/gate.ts";
import { isLoopback } from "../../runtime/listen/address.ts";
import { zonesOf } from "./grant.ts";
import { listenerRpc, type ListenerHalf } from "./listener.rpc.ts";
import { isTrusted, mayMeet, membershipOf } from "./peer.ts";
import { peerLeaseMs, peersMax, requireReachable } from "./peer.ts";
import type { Meeting, PeerStore } from "./peer.store.ts";
import { openVoucher } from "./voucher.ts";

/** How nodes learn of each other for the time that the hub is away. */
export type PeerHalf = Pick<ServiceImpl<typeof SyncService>, "meetPeers"> & ListenerHalf;

/** What of the hub it takes. */
export type PeerKit = Pick<Hub, "calls" | "config" | "identity" | "storage">;

/** Notes who serves others, and vouches for each to the others. */
export function peerRpc(hub: PeerKit, store: PeerStore): PeerHalf {
  const voucher = openVoucher(hub.identity.signingKey);
  return {
    ...listenerRpc(hub, store),
    async meetPeers({ address }, context) {
      const { tenant, nodeId } = nodeCallerOf(context);
      const isLocal = isLoopback(context.values.get(arrivalKey)?.address ?? "");
      requireReachable(address, isLocal);
      const meeting = await store.meet(tenant, nodeId, address);
      const ids = [nodeId, ...meeting.listed.map((one) => one.nodeId)];
      const identities = await identitiesOf(hub, tenant, ids);
      const vouched = (id: string) => {
        const identity = identities.get(id);
        return identity && voucher(saidOf(hub, tenant, identity, meeting), hub.storage.nowMs());
      };
      const zones = zonesIn(hub, meeting);
      const near = meeting.listed.filter(
        (one) =>
          identities.has(one.nodeId) &&
          mayMeet(zones(nodeId), zones(one.nodeId)) &&
          mayDial(reachOf(one.address), isLocal),
      );
      return {
        membership: vouched(nodeId),
        peers: near.slice(0, peersMax).map((one) => {
          return { address: one.address, membership: vouched(one.nodeId) };
        }),
        hubKeys: await hubKeysOf(hub, tenant),
        lease: durationFromMs(peerLeaseMs),
      };
    },
  };
}

function zonesIn(hub: PeerKit, { grants }: Meeting): (nodeId: string) => readonly string[] {
  const { zones } = hub.config();
  return (nodeId) => zonesOf(zones, grants.get(nodeId));
}

function saidOf(hub: PeerKit, tenant: TenantId, identity: Identity, meeting: Meeting) {
  const { trustDomain } = hub.identity;
  const zones = zonesIn(hub, meeting)(identity.nodeId);
  const replicas = meeting.replicas.get(identity.nodeId) ?? [];
  return membershipOf(identity, { tenant, trustDomain, zones, replicas }, hub.storage.nowMs());
}

/** Those of the nodes that are trusted now. */
async function identitiesOf(
  hub: PeerKit,
  tenant: TenantId,
  nodeIds: readonly string[],
): Promise<Map<string, Identity>> {
  const identities = hub.calls.as(IdentityService, insideCaller("sync", tenant));
  const wish = { nodeIds: [...nodeIds], page: { size: nodeIds.length } };
  const { identities: found } = await identities.listIdentities(wish);
  return new Map(found.filter(isTrusted).map((one) => [one.nodeId, one]));
}

/** Hubs over one database sign with keys of their own: a peer may have spoken with another one. */
async function hubKeysOf(hub: PeerKit, tenant: TenantId): Promise<Uint8Array[]> {
  const identities = hub.calls.as(IdentityService, insideCaller("sync", tenant));
  const { bundle } = await identities.getTrustBundle({});
  return bundle?.signingKeys ?? [hub.identity.signingKey.publicKey];
}
