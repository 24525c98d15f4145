import type { ClientHttp2Session } from "node:http2";
import type { Client } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { Invitation } from "@foedus/kernel/invitation.ts";
import { utcText } from "@foedus/kernel/time.ts";
import type { World } from "@foedus/kernel/world.ts";
import type { HubClock } from "../clock.ts";
import { FoedusError } from "../error.ts";
import type { NodeStore } from "../store/store.ts";
import type { HubChain } from "@foedus/kernel/chain.ts";
import { ChainRefused, followChain, holdsAt, pinnedRoots } from "@foedus/kernel/chain.ts";
import { dial, firstThatServes } from "../wire/dial.ts";
import { transportOver } from "../wire/transport.ts";
import { readTime } from "./clock-file.ts";

/** An open connection to the join listener of a hub that proved to be the invitation's. */
export interface Contact extends Disposable {
  readonly client: Client<typeof IdentityService>;
  readonly chain: HubChain;
  /** For the identity key to sign; a minute old at most. */
  readonly nonce: Uint8Array;
}

/** What a contact is made with. */
export interface ContactKit {
  readonly world: World;
  readonly store: NodeStore;
  readonly clock: HubClock;
  readonly signal?: AbortSignal | undefined;
  /** host:port of other hubs of the domain, which are tried where the first does not answer. */
  readonly others?: readonly string[] | undefined;
}

/**
 * How far the hub's clock may go back between two contacts: a backup, or somebody who corrects it.
 */
const backwardsMaxMs = 86_400_000;

const callMs = 15_000;

/**
 * Connects to the join listener. Here, and only here, a certificate that seems too old or too new
 * is let in for a moment, if its chain leads to the pinned root: the hub tells its time, and the
 * chain is judged again by that. So a machine whose clock is days off can join and come back.
 */
export async function contactHub(invitation: Invitation, kit: ContactKit): Promise<Contact> {
  const all = [`${invitation.host}:${invitation.port}`, ...(kit.others ?? [])];
  return firstThatServes(all, kit.signal, (address, withinMs) =>
    contactOne(invitation, kit, address, withinMs),
  );
}

async function contactOne(
  invitation: Invitation,
  kit: ContactKit,
  address: string,
  withinMs: number | undefined,
): Promise<Contact> {
  let proved: HubChain | undefined;
  const session = await dial({
    ...kit,
    address,
    withinMs,
    // A hub shows its root too: the invitation knows it by its hash.
    inspect: (presented) => {
      const judge = () => followChain(presented, pinnedRoots(presented, invitation.caHash));
      proved = trusting(address, judge);
    },
  });
  try {
    const chain = requireProved(proved);
    const transport = transportOver(async () => stillOpen(session, address));
    const client = createClient(IdentityService, transport);
    const nonce = await learnTime(client, address, kit);
    trusting(address, () => requireNow(chain, kit.clock));
    return { client, chain, nonce, [Symbol.dispose]: () => closeGently(session) };
  } catch (error) {
    session.destroy();
    throw error;
  }
}

/** Runs what judges a server, and words what it finds. */
export function trusting<T>(address: string, judge: () => T): T {
  try {
    return judge();
  } catch (cause) {
    if (!(cause instanceof ChainRefused)) throw cause;
    throw new FoedusError(Reason.HUB_NOT_TRUSTED, { address, detail: cause.message }, { cause });
  }
}

/** @throws ChainRefused when the chain does not hold by the hub's clock. */
export function requireNow(chain: HubChain, clock: HubClock): void {
  const nowMs = clock.now();
  if (holdsAt(chain, nowMs)) return;
  const span = `${utcText(chain.validFromMs)} to ${utcText(chain.validToMs)}`;
  throw new ChainRefused(`its certificates hold from ${span}, and it is ${utcText(nowMs)}`);
}

async function learnTime(
  client: Contact["client"],
  address: string,
  { world, clock, store, signal }: ContactKit,
): Promise<Uint8Array> {
  const askedMs = world.clock.monotonic();
  const { nonce, hubTimeMs } = await client.getChallenge({}, { timeoutMs: callMs, signal });
  const { hubMs } = await readTime(store);
  if (Number(hubTimeMs) < hubMs - backwardsMaxMs) {
    const facts = { address, now: utcText(Number(hubTimeMs)), before: utcText(hubMs) };
    throw new FoedusError(Reason.HUB_CLOCK_BACKWARDS, { ...facts, place: store.place });
  }
  clock.learn(Number(hubTimeMs), askedMs, world.clock.monotonic());
  return nonce;
}

/** What `inspect` left; a session without it is a bug. */
export function requireProved(chain: HubChain | undefined): HubChain {
  if (chain === undefined) throw new Error("a session was opened before its chain was judged");
  return chain;
}

function stillOpen(session: ClientHttp2Session, address: string): ClientHttp2Session {
  if (!session.closed && !session.destroyed) return session;
  throw new FoedusError(Reason.HUB_UNREACHABLE, { address, detail: "it closed the connection" });
}

function closeGently(session: ClientHttp2Session): void {
  session.close();
  session.unref();
}
