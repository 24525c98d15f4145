import type { Client } from "@connectrpc/connect";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import type { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import {
  ExchangeRequestSchema,
  ExchangeResponseSchema,
} from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { backoffMs, type Backoff } from "@foedus/kernel/backoff.ts";
import { ChainRefused, followNode, holdsAt, type NodeChain } from "@foedus/kernel/chain.ts";
import { reachOf } from "@foedus/kernel/reach.ts";
import type { World } from "@foedus/kernel/world.ts";
import type { HubClock } from "../../clock.ts";
import { errorOf } from "../../error.wire.ts";
import type { Membership } from "../../membership/membership.ts";
import type { NodeStore } from "../../store/store.ts";
import { Circle } from "./circle.ts";
import { Desk } from "./desk.ts";
import { openDoor, type Door } from "./door.ts";
import type { PeerGround } from "./ground.ts";
import { addressOf, placeOf } from "./place.ts";
import { Rounds, type RoundsStatus } from "./rounds.ts";

/** Whether a node goes on with its peers while the hub is away. */
export interface PeersOptions {
  /**
   * Where it serves others, as host:port, or a port of this machine alone. Without it the node asks
   * others and serves none.
   */
  readonly listen?: string;
  /** The host:port by which others reach that, where it is another. */
  readonly address?: string;
}

/** How it stands with a node's peers. */
export interface PeersStatus extends RoundsStatus {
  /** Where it serves others; undefined when it does not. */
  readonly address: string | undefined;
  /** Bytes of others' writes that it holds for the hub; at 64 MiB it takes no more of them. */
  readonly heldBytes: number;
  /** Names of the peers it could ask now. */
  readonly known: readonly string[];
}

/** What peers are opened with. */
export interface PeersKit {
  readonly world: World;
  readonly store: NodeStore;
  readonly clock: HubClock;
  /** Who the node is, with its newest certificate. */
  readonly membership: () => Membership;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Resolves once the hub is connected. */
  readonly ready: (signal: AbortSignal) => Promise<void>;
  readonly client: Pick<Client<typeof SyncService>, "meetPeers">;
  readonly ground: PeerGround;
}

/** An open circle of peers. */
export interface Peers {
  status(): PeersStatus;
  /** Resolves when all of it has stopped, after its signal has aborted. */
  readonly done: Promise<void>;
}

const callMs = 15_000;

/** Nodes that start together find each other within seconds; later half of a lease will do. */
const again: Backoff = { firstMs: 1_000, lastMs: 300_000 };

/**
 * Serves peers and asks them while the hub is away, until the signal aborts.
 *
 * @throws FoedusError SYNC_PEERS_NOT_SERVED
 */
export async function openPeers(kit: PeersKit, options: PeersOptions): Promise<Peers> {
  const { nodeId, tenant, bundle } = kit.membership().admission;
  const circle = new Circle({
    store: kit.store,
    nodeId,
    tenant,
    trustDomain: bundle?.trustDomain ?? "",
    hubKeys: () => kit.membership().admission.bundle?.signingKeys ?? [],
    nowMs: () => kit.clock.now(),
  });
  await circle.load();
  const desk = new Desk(kit.ground, circle);
  const judge = (presented: readonly Uint8Array[]) => requireNode(kit, presented);
  const own = () => ownOf(kit.membership());
  const isLocal = () => reachOf(kit.membership().admission.nodeAddress) === "here";
  const rounds = new Rounds({ ...kit, circle, desk, judge, own, isLocal });
  const opened = await serve(kit, options, desk, { judge, own });
  desk.address = opened?.address ?? "";
  const refused: { problem?: string } = {};
  const meeting = keepMeeting(kit, circle, desk.address, refused);
  const ended = async () => {
    await Promise.all([rounds.run(), meeting]);
    await opened?.door.close();
    await circle.save().catch(() => undefined);
  };
  const status = () => {
    const known = circle.peers().map(({ member }) => member.name);
    const [address, { heldBytes }] = [opened?.address, desk];
    const { problem = refused.problem, ...rest } = rounds.status();
    return { ...rest, problem, address, heldBytes, known: known.toSorted() };
  };
  return { status, done: ended() };
}

async function serve(
  { world }: PeersKit,
  { listen, address }: PeersOptions,
  desk: Desk,
  tls: Pick<Parameters<typeof openDoor>[0], "judge" | "own">,
): Promise<{ readonly door: Door; readonly address: string } | undefined> {
  if (listen === undefined) return undefined;
  const place = placeOf(listen);
  // Before the port is taken: an address that nobody reaches serves nobody.
  addressOf(place, place.port, address);
  const answer = async (bytes: Uint8Array, who: NodeChain) => {
    const said = await desk.answer(fromBinary(ExchangeRequestSchema, bytes), who);
    return toBinary(ExchangeResponseSchema, said);
  };
  const door = await openDoor({ world, place, answer, ...tls });
  return { door, address: addressOf(place, door.port, address) };
}

/**
 * Tells the hub where this node listens, and hears who else does, while the hub is there. One that
 * peers cannot reach there asks them, and serves none.
 */
async function keepMeeting(
  kit: PeersKit,
  circle: Circle,
  served: string,
  refused: { problem?: string },
): Promise<void> {
  const { world, signal } = kit;
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    let restMs = backoffMs(again, attempt, world.random);
    try {
      await kit.ready(signal);
      const address = refused.problem === undefined ? served : "";
      const said = await kit.client.meetPeers({ address }, { signal, timeoutMs: callMs });
      circle.learn(said);
      await circle.save();
      if (said.lease !== undefined) restMs = Math.min(restMs, durationMs(said.lease) / 2);
    } catch (thrown) {
      // What this node knows of its peers holds for an hour; the hub is asked again.
      const { reason, message } = errorOf(thrown);
      if (reason === Reason.SYNC_PEER_ADDRESS_REFUSED) refused.problem = message;
    }
    await world.timers.sleep(restMs, signal);
  }
}

/** A node of our tenant and domain, whose certificate holds by the hub's clock. */
function requireNode({ membership, clock }: PeersKit, presented: readonly Uint8Array[]): NodeChain {
  const { bundle, tenant } = membership().admission;
  const chain = followNode(presented, bundle?.roots ?? []);
  if (chain.trustDomain !== bundle?.trustDomain || chain.tenant !== tenant) {
    throw new ChainRefused(`it is a node of ${chain.trustDomain}/${chain.tenant}`);
  }
  if (!holdsAt(chain, clock.now())) throw new ChainRefused("its certificate has ended");
  return chain;
}

function ownOf({ chain, tlsKey: key }: Membership) {
  return chain === undefined ? undefined : { chain, key };
}
