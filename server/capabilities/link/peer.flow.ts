import type { Hub, Loop, Running } from "../../runtime/capability.ts";
import { openPeerBook } from "./peer-book.ts";
import { openLearned, peerLoops } from "./peer.loop.ts";
import type { PeerHalf } from "./peer.rpc.ts";
import { peerRpc } from "./peer.rpc.ts";
import { takenLoop } from "./peer-taken.loop.ts";
import { tellingLoop } from "./peer-tell.loop.ts";
import { peerStore } from "./peer.store.ts";

/** The half of link that trusts other hubs. */
export interface Peers {
  readonly half: PeerHalf;
  readonly loops: readonly Loop[];
  readonly authenticatePeer: NonNullable<Running["authenticatePeer"]>;
}

/** Learns whom this hub trusts, before anybody of them is let in. */
export async function openPeers(hub: Hub): Promise<Peers> {
  const book = openPeerBook();
  const kit = { hub, book, peers: peerStore(hub.storage) };
  const learned = openLearned(kit);
  await learned.again();
  return {
    half: peerRpc({ ...kit, learned: learned.again }),
    loops: [...peerLoops(kit, learned), tellingLoop(kit, learned), takenLoop(hub)],
    authenticatePeer: (peer) => book.authenticate(peer, hub.storage.nowMs()),
  };
}
