import { PeerChangedSchema } from "@foedus/gen/foedus/link/v1/link_event_pb.js";
import { factType } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Hub, Loop } from "../../runtime/capability.ts";
import { openChanges } from "../../runtime/changes.ts";
import { hear } from "../../runtime/storage/hear.ts";
import { notRefreshed, refreshed } from "./peer.ts";
import type { PeerBook } from "./peer-book.ts";
import { readBundle } from "./peer-bundle.flow.ts";
import type { Held, PeerStore } from "./peer.store.ts";

/**
 * How often a peer's bundle is read anew, give or take a tenth: what a hub that is new on the other
 * side signs has to wait for that.
 */
const refreshMs = 60_000;

interface Kit {
  readonly hub: Hub;
  readonly peers: PeerStore;
  readonly book: PeerBook;
}

/** What this process knows of its peers, and how it learns what is stored of them now. */
export interface Learned {
  readonly all: () => readonly Held[];
  /** One reading after the other, so that none brings back what a later one took away. */
  readonly again: () => Promise<void>;
  /** Resolves after the next reading, or when the signal aborts. */
  readonly changed: (signal: AbortSignal) => Promise<void>;
}

/** Nothing is learned yet. */
export function openLearned({ hub, peers, book }: Kit): Learned {
  let all: readonly Held[] = [];
  const changes = openChanges();
  let reading: Promise<void> = Promise.resolve();
  const learn = async () => {
    all = await peers.readAll();
    const gone = book.learn(all);
    for (const trustDomain of gone) {
      hub.trust.set(trustDomain, undefined);
      hub.sessions.cutDomain(trustDomain);
    }
    for (const { peer } of all) hub.trust.set(peer.trustDomain, peer.bundle?.roots);
    changes.fire();
  };
  return {
    all: () => all,
    changed: changes.next,
    again: () => {
      reading = reading.then(learn, learn);
      return reading;
    },
  };
}

/** Keeps this process up with the others over this database, and bundles up with their hubs. */
export function peerLoops(kit: Kit, learned: Learned): Loop[] {
  return [
    { name: "peers", run: (signal) => hearPeers(kit, learned, signal) },
    { name: "bundles", run: (signal) => refreshPeers(kit, learned, signal) },
  ];
}

async function hearPeers({ hub }: Kit, learned: Learned, signal: AbortSignal): Promise<void> {
  const round = new AbortController();
  const either = AbortSignal.any([signal, round.signal]);
  const failure = Promise.withResolvers<never>();
  const again = () => void learned.again().catch(failure.reject);
  const kinds = [factType(PeerChangedSchema)];
  const hearer = { log: "outbox", kinds, hear: again, restart: again } as const;
  try {
    await Promise.race([hear(hub.storage, hearer, either), failure.promise]);
  } finally {
    round.abort();
  }
}

async function refreshPeers(kit: Kit, learned: Learned, signal: AbortSignal): Promise<void> {
  const { timers, random } = kit.hub.world;
  while (!signal.aborted) {
    await timers.sleep(refreshMs * (0.9 + random.fraction() / 5), signal);
    for (const held of learned.all()) {
      if (signal.aborted) return;
      await refreshPeer(kit, held, signal);
    }
    await learned.again();
  }
}

/** Reads one peer's bundle; what cannot be read or believed leaves the last good one. */
export async function refreshPeer(
  { hub, peers }: Pick<Kit, "hub" | "peers">,
  held: Held,
  signal: AbortSignal,
): Promise<void> {
  const { joinAddress, caHash, bundle, trustDomain, lastError } = held.peer;
  try {
    const read = await readBundle(hub, { joinAddress, caHash, roots: bundle?.roots }, signal);
    await peers.change(held, (known, nowMs) =>
      refreshed(known, read, hub.identity.trustDomain, nowMs),
    );
  } catch (error) {
    if (!(error instanceof Fault) || signal.aborted) throw error;
    const { message } = error;
    // Said once: what stays so stands in the peer, where everybody sees it.
    const say = message === lastError ? hub.log.debug : hub.log.warn;
    say("a peer's bundle was not read anew", { peer: trustDomain, error });
    await peers.change(held, (known, nowMs) => notRefreshed(known, message, nowMs));
  }
}
