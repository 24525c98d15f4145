import { createClient } from "@connectrpc/connect";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import type { NodeKit } from "../../link/kit.ts";
import type { Link } from "../../link/link.ts";
import type { Replica } from "../replica.ts";
import type { PeerGround } from "./ground.ts";
import { openPeers, type Peers, type PeersOptions } from "./peers.ts";

/** Peers of a node whose collections are open; they end with it. */
export interface Attached {
  readonly peers: Peers;
  /** Stops before the collections do. */
  close(): Promise<void>;
}

/**
 * Lets a node's replica go on with peers while the hub is away.
 *
 * @throws FoedusError SYNC_PEERS_NOT_SERVED
 */
export async function attachPeers(
  kit: NodeKit,
  link: Link,
  replica: Replica,
  options: PeersOptions,
): Promise<Attached> {
  const leaving = new AbortController();
  const { world, store, clock } = kit;
  const peers = await openPeers(
    {
      world,
      store,
      clock,
      membership: () => kit.membership,
      signal: AbortSignal.any([leaving.signal, kit.ended.signal, replica.signal]),
      ready: (signal) => link.ready(signal),
      client: createClient(SyncService, link.transport),
      ground: groundOf(kit, replica),
    },
    options,
  );
  const close = async () => {
    leaving.abort();
    await peers.done;
  };
  return { peers, close };
}

function groundOf({ membership }: NodeKit, replica: Replica): PeerGround {
  const { state } = replica;
  return {
    tenant: state.tenant,
    nodeId: membership.admission.nodeId,
    get replica() {
      return state.replica;
    },
    identity: membership.identity,
    holds: () => state.holds,
    saved: () => replica.saved(),
    hand: (stream, ops) => replica.step({ type: "handed", stream, ops }),
    isAway: () => state.session === undefined,
    heed: (act) =>
      replica.heed(({ ops = [] }) => {
        if (ops.length > 0) act();
      }),
  };
}
