import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type {
  AddPeerRequest,
  LinkService,
  ListPeersRequest,
} from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { parseInvitation } from "@foedus/kernel/invitation.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { callerOf } from "../../runtime/caller.ts";
import type { Hub } from "../../runtime/capability.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import { writeOf } from "../../runtime/write.ts";
import type { PeerWish } from "./peer.ts";
import { removePeer, requireBundle, trustPeer } from "./peer.ts";
import { readBundle } from "./peer-bundle.flow.ts";
import { headOf } from "./peer-tell.loop.ts";
import type { PeerStore } from "./peer.store.ts";

/** What the handlers of peers work with. */
export interface PeerKit {
  readonly hub: Hub;
  readonly peers: PeerStore;
  /** Lets this process learn what was decided, before the answer. */
  learned(): Promise<void>;
}

/** What can be asked of peers; links are the other half of the service. */
export type PeerHalf = Pick<
  ServiceImpl<typeof LinkService>,
  "addPeer" | "removePeer" | "listPeers"
>;

/** Trusting other hubs. */
export function peerRpc(kit: PeerKit): PeerHalf {
  const { peers } = kit;
  return {
    addPeer: (request, context) => addPeer(kit, request, context),

    async removePeer(request, context) {
      const peer = await peers.remove(writeOf(request, context), request.trustDomain, removePeer);
      await kit.learned();
      return { peer };
    },

    listPeers: (request, context) => listPeers(peers, callerOf(context).tenant, request),
  };
}

async function addPeer(kit: PeerKit, request: AddPeerRequest, context: HandlerContext) {
  const { hub, peers } = kit;
  const write = writeOf(request, context);
  const wish = wishOf(request);
  const read = await readBundle(hub, wish, context.signal);
  const bundle = requireBundle(read, wish, hub.identity.trustDomain);
  const isTold = wish.nodeAddress !== "" && wish.toldTypes.length > 0;
  const begin = isTold ? await headOf(hub, write.caller.tenant, context.signal) : undefined;
  const peer = await peers.add(write, bundle.trustDomain, begin, (known, nowMs) =>
    trustPeer(known, bundle, wish, { id: write.caller.id, nowMs }),
  );
  await kit.learned();
  return { peer };
}

function wishOf({ invitation, nodeAddress, toldTypes, takenTypes }: AddPeerRequest): PeerWish {
  const parsed = parseInvitation(invitation);
  if (parsed === undefined) throw new Fault(Reason.INVITATION_INVALID, { text: invitation });
  if (nodeAddress !== "" && !addressShape.test(nodeAddress)) {
    throw new Fault(Reason.INVALID_REQUEST, { violation: "node_address: it is not host:port" });
  }
  const joinAddress = `${parsed.host}:${parsed.port}`;
  return { joinAddress, caHash: parsed.caHash, nodeAddress, toldTypes, takenTypes };
}

const addressShape = /^(?:\[[0-9a-f:]+\]|[a-z0-9.-]+):\d{1,5}$/;

async function listPeers(peers: PeerStore, tenant: TenantId, { page }: ListPeersRequest) {
  const wish = pageWish(page, "peers");
  const found = await peers.list(tenant, wish);
  const last = found.length < wish.size ? undefined : found.at(-1);
  return {
    peers: found,
    nextPageToken: last === undefined ? "" : pageToken("peers", [last.trustDomain]),
  };
}
