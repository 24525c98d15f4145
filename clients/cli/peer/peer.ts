import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Peer } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { PeerState } from "@foedus/gen/foedus/link/v1/link_pb.js";
import {
  AddPeerResponseSchema,
  LinkService,
  ListPeersResponseSchema,
  RemovePeerResponseSchema,
} from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import type { CliContext } from "../context.ts";
import { tellListing } from "../listing.ts";
import { allPages } from "../pages.ts";
import { dim, good, strong, unknown, warn, type Piece } from "../paint.ts";
import { agoText } from "../words/span.ts";
import { typesDefault } from "./types.ts";

/** What `peer add` takes. */
export interface AddOptions {
  readonly call?: string;
  readonly tell?: readonly string[];
  readonly take?: readonly string[];
}

/** Trusts another hub. */
export async function addPeer(
  context: CliContext,
  invitation: string,
  options: AddOptions,
): Promise<void> {
  const hub = await context.hub();
  const { call = "", take = typesDefault } = options;
  // Without an address nothing can be told, so nothing is noted as told.
  const { tell = call === "" ? [] : typesDefault } = options;
  const request = {
    requestId: context.newRequestId(),
    invitation,
    nodeAddress: call,
    toldTypes: [...tell],
    takenTypes: [...take],
  };
  const answer = await hub.as(LinkService).addPeer(request, hub.call);
  const { print } = context;
  await print.answer(AddPeerResponseSchema, answer, () => {
    const { peer } = answer;
    if (peer === undefined) return;
    print.line("This hub trusts ", strong(peer.trustDomain), " by the root ", strong(peer.caHash));
    print.line("Compare that with the end of the invitation that was printed there.");
    print.line();
    print.line(
      "Told      ",
      peer.nodeAddress === "" ? "nothing: no --call" : listed(peer.toldTypes),
    );
    print.line("Taken     ", listed(peer.takenTypes));
    print.line();
    print.line("The other side trusts this hub by: foedus peer add INVITATION");
  });
}

/** Lists peers. */
export async function listPeers(context: CliContext): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const client = hub.as(LinkService);
  const peers = await allPages(
    (page) => client.listPeers({ page }, hub.call),
    (page) => page.peers,
  );
  const nowMs = hub.nowMs();
  await tellListing(
    print,
    ListPeersResponseSchema,
    { peers },
    {
      items: peers,
      head: ["PEER", "STANDING", "ROOT", "REFRESHED", "TOLD", "TAKEN"],
      row: (peer) => rowOf(peer, nowMs),
      none: ["This hub trusts no other one. Begin: foedus peer add INVITATION"],
    },
  );
  if (print.output === "json") return;
  for (const { trustDomain, lastError, tellError } of peers) {
    if (lastError !== "") print.line(`${trustDomain}: its roots were not read: ${lastError}`);
    if (tellError !== "") print.line(`${trustDomain}: telling it: ${tellError}`);
  }
}

function rowOf(peer: Peer, nowMs: number): Piece[] {
  const { trustDomain, state, caHash, refreshTime, toldTypes, takenTypes } = peer;
  const standing = state === PeerState.STALE ? warn("stale") : good("trusted");
  const refreshed = refreshTime === undefined ? unknown : agoText(timestampMs(refreshTime), nowMs);
  return [trustDomain, standing, caHash, refreshed, listed(toldTypes), listed(takenTypes)];
}

function listed(types: readonly string[]): Piece {
  return types.length === 0 ? dim("nothing") : types.join(", ");
}

/** Trusts a hub no more. */
export async function removePeer(
  context: CliContext,
  trustDomain: string,
  { reason }: { readonly reason: string },
): Promise<void> {
  const hub = await context.hub();
  const request = { requestId: context.newRequestId(), trustDomain, reason };
  const answer = await hub.as(LinkService).removePeer(request, hub.call);
  await context.print.answer(RemovePeerResponseSchema, answer, () => {
    context.print.line(`This hub trusts ${trustDomain} no more; its connections were cut.`);
  });
}
