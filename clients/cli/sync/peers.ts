import { type Timestamp, timestampMs } from "@bufbuild/protobuf/wkt";
import {
  ListPeersResponseSchema,
  SyncService,
} from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import type { ListedPeer } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import type { CliContext } from "../context.ts";
import { tellListing } from "../listing.ts";
import { allPages } from "../pages.ts";
import { bad, dim, strong, unknown, type Piece } from "../paint.ts";
import { agoText } from "../words/span.ts";

const head = ["NODE", "LISTENS AT", "STANDS IN", "ASKED", "LISTED", "MEMBERSHIP"];

/** Which nodes go on with each other while the hub is away, and where they listen. */
export async function listPeers(context: CliContext): Promise<void> {
  const hub = await context.hub();
  const client = hub.as(SyncService);
  const peers = await allPages(
    (page) => client.listPeers({ page }, hub.call),
    (page) => page.peers,
  );
  const nowMs = hub.nowMs();
  await tellListing(
    context.print,
    ListPeersResponseSchema,
    { peers },
    {
      items: peers,
      head,
      row: (peer) => rowOf(peer, nowMs),
      none: [
        "No node listens for others: while the hub is away, each goes on alone.",
        "A node listens once its program says so: openNode(folder, { sync: { peers } }).",
      ],
    },
  );
}

function rowOf(peer: ListedPeer, nowMs: number): Piece[] {
  const { node, nodeId, address, zones, told } = peer;
  return [
    strong(node || nodeId),
    address,
    zones.length === 0 ? dim("no zone") : zones.join(", "),
    whenText(peer.meetTime, nowMs),
    told ? untilText(peer.leaseExpireTime, nowMs) : bad("no: revoked or quarantined"),
    untilText(peer.membershipExpireTime, nowMs),
  ];
}

function untilText(at: Timestamp | undefined, nowMs: number): Piece {
  if (at === undefined) return unknown;
  return timestampMs(at) > nowMs ? `ends ${whenText(at, nowMs)}` : bad("ended");
}

function whenText(at: Timestamp | undefined, nowMs: number): string {
  return at === undefined ? "unknown" : agoText(timestampMs(at), nowMs);
}
