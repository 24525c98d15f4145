import type { ClientHttp2Session } from "node:http2";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  ExchangeRequestSchema,
  ExchangeResponseSchema,
  type ExchangeRequest,
  type ExchangeResponse,
  type PeerStanding,
} from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import { ChainRefused, type NodeChain } from "@foedus/kernel/chain.ts";
import { mayDial, reachOfIp } from "@foedus/kernel/reach.ts";
import type { World } from "@foedus/kernel/world.ts";
import { FoedusError } from "../../error.ts";
import { linked, orAborted } from "../../signals.ts";
import { dial } from "../../wire/dial.ts";
import { readBody } from "./body.ts";
import type { KnownPeer } from "./circle.ts";
import { exchangePath, statuses } from "./counter.ts";
import type { Desk } from "./desk.ts";
import { requireElsewhere } from "./place.ts";

/** What a visit is made with. */
export interface VisitKit {
  readonly world: World;
  readonly desk: Desk;
  readonly own: () => { readonly chain: string; readonly key: string } | undefined;
  readonly judge: (presented: readonly Uint8Array[]) => NodeChain;
  /** Whether this node and its hub are on one machine: else no peer listens on this one. */
  readonly isLocal: () => boolean;
}

/** What came of a visit. */
export interface Visited {
  /** Ops that are new here. */
  readonly taken: number;
  /** Ops that were brought there. */
  readonly given: number;
  readonly problems: readonly string[];
}

const dialMs = 3_000;
const visitMs = 20_000;

/** How often one asks and brings in one visit: what is left then waits for the next. */
const roundsMax = 16;

/**
 * Calls on a peer and goes on until neither has anything for the other.
 *
 * @throws FoedusError SYNC_PEER_NOT_TRUSTED, SYNC_PEER_ADDRESS_REFUSED, HUB_UNREACHABLE when it
 * does not answer
 */
export async function visit(kit: VisitKit, peer: KnownPeer, signal: AbortSignal): Promise<Visited> {
  requireElsewhere(peer.address, kit.isLocal());
  using leaving = linked(signal);
  const timeout = kit.world.timers.after(visitMs, () => leaving.abort(new Error("took too long")));
  const session = await dial({
    address: peer.address,
    own: kit.own(),
    inspect: (presented) => requirePeer(kit, peer, presented),
    world: kit.world,
    signal: leaving.signal,
    allows: (ip) => mayDial(reachOfIp(ip), kit.isLocal()),
    withinMs: dialMs,
  });
  try {
    return await exchange(kit.desk, peer, session, leaving.signal);
  } finally {
    timeout.cancel();
    session.destroy();
  }
}

/** A certificate of ours says which node listens there. */
function requirePeer({ judge }: VisitKit, { member }: KnownPeer, presented: Uint8Array[]): void {
  const refuse = (detail: string, cause?: unknown) => {
    const facts = { peer: member.name, detail };
    return new FoedusError(Reason.SYNC_PEER_NOT_TRUSTED, facts, { cause });
  };
  try {
    const { nodeId } = judge(presented);
    if (nodeId !== member.nodeId) throw refuse(`it is the node ${nodeId}`);
  } catch (error) {
    throw error instanceof ChainRefused ? refuse(error.message, error) : error;
  }
}

async function exchange(
  desk: Desk,
  { member }: KnownPeer,
  session: ClientHttp2Session,
  signal: AbortSignal,
): Promise<Visited> {
  let partner = desk.known(member);
  let theirs: readonly PeerStanding[] = [];
  let [taken, given] = [0, 0];
  const problems: string[] = [];
  for (let round = 1; round <= roundsMax; round += 1) {
    const request = await desk.request(partner, theirs);
    const brought = request.carried.reduce((sum, { ops }) => sum + ops.length, 0);
    const answer = await ask(session, request, member.name, signal);
    partner = desk.partner(answer.membership, member);
    const took = desk.take(partner, answer.carried);
    theirs = answer.standings;
    given += brought;
    taken += took.ops;
    problems.push(...took.problems);
    // The first round only learns how far the other one is.
    if (round > 1 && brought === 0 && took.ops === 0) break;
  }
  return { taken, given, problems };
}

async function ask(
  session: ClientHttp2Session,
  request: ExchangeRequest,
  peer: string,
  signal: AbortSignal,
): Promise<ExchangeResponse> {
  const stream = session.request({ ":method": "POST", ":path": exchangePath });
  stream.on("error", () => undefined);
  const status = heardStatus(stream);
  stream.end(toBinary(ExchangeRequestSchema, request));
  const code = await orAborted(status, signal);
  const body = await orAborted(readBody(stream), signal);
  if (code === statuses.ok) return fromBinary(ExchangeResponseSchema, body);
  const detail = `it answers ${code}: ${new TextDecoder().decode(body.slice(0, wordsMax))}`;
  throw new FoedusError(Reason.SYNC_PEER_NOT_TRUSTED, { peer, detail });
}

const wordsMax = 300;

function heardStatus(stream: ReturnType<ClientHttp2Session["request"]>): Promise<number> {
  return new Promise((resolve, reject) => {
    stream.once("response", (headers) => resolve(headers[":status"] ?? 0));
    stream.once("close", () => reject(new Error("the peer hung up")));
  });
}
