import type { Client } from "@connectrpc/connect";
import { ConnectError, createClient } from "@connectrpc/connect";
import type { StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import type { PublishForeignRequest } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { ErrorInfoSchema } from "@foedus/gen/google/rpc/error_details_pb.js";
import { backoffMs } from "@foedus/kernel/backoff.ts";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { ChainRefused, followChain, holdsAt } from "@foedus/kernel/chain.ts";
import { Fault, reasonNamed } from "@foedus/kernel/fault.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub, Loop } from "../../runtime/capability.ts";
import { dialHub, type Dialled } from "../../runtime/dial.ts";
import type { Learned } from "./peer.loop.ts";
import type { Held, PeerStore } from "./peer.store.ts";
import { fateOf, isOwnWord, requestsOf, roundsOf, wholeBatches } from "./peer-tell.ts";

/** How long to wait for a peer that does not answer, or does not take what it is told. */
const tellBackoff = { firstMs: 500, lastMs: 60_000 };

interface Kit {
  readonly hub: Hub;
  readonly peers: PeerStore;
}

/** Tells each peer what it is to hear, as long as it is trusted; of several processes one does. */
export function tellingLoop(kit: Kit, learned: Learned): Loop {
  return {
    name: "telling",
    async run(signal) {
      const running = new Map<string, { stop: AbortController; done: Promise<void> }>();
      while (!signal.aborted) {
        const wanted = new Map(
          learned
            .all()
            .filter(isTold)
            .map((held) => [keyOf(held), held]),
        );
        for (const [key, { stop }] of running) {
          if (wanted.has(key)) continue;
          stop.abort();
          running.delete(key);
        }
        for (const [key, held] of wanted) {
          if (running.has(key)) continue;
          const stop = new AbortController();
          const done = tellPeer(kit, held, AbortSignal.any([signal, stop.signal]));
          running.set(key, { stop, done });
        }
        await learned.changed(signal);
      }
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}

function isTold({ peer }: Held): boolean {
  return peer.nodeAddress !== "" && peer.toldTypes.length > 0;
}

/** Another peer, as far as telling goes. */
function keyOf({ tenant, peer }: Held): string {
  const { trustDomain, nodeAddress, toldTypes, createTime, bundle } = peer;
  const trusted = [createTime?.seconds, createTime?.nanos, bundle?.sequence].join("/");
  return [tenant, trustDomain, nodeAddress, trusted, ...toldTypes].join(" ");
}

async function tellPeer(kit: Kit, held: Held, signal: AbortSignal): Promise<void> {
  const { world, log } = kit.hub;
  let attempt = 0;
  while (!signal.aborted) {
    try {
      await tellOnce(kit, held, signal, () => (attempt = 0));
    } catch (error) {
      if (signal.aborted) return;
      const isHeld = error instanceof Fault && error.reason === Reason.LEASE_HELD;
      if (!isHeld) await noteFailure(kit, held, error).catch(() => undefined);
      log.info("a peer is not told", { peer: held.peer.trustDomain, error });
    }
    attempt += 1;
    await world.timers.sleep(backoffMs(tellBackoff, attempt, world.random), signal);
  }
}

async function noteFailure({ hub, peers }: Kit, held: Held, error: unknown): Promise<void> {
  const cause = ConnectError.from(error);
  await peers.told(held, hub.identity.hubId, undefined, cause.rawMessage);
}

/** One connection: from the place where telling stopped, until one of the two ends goes away. */
async function tellOnce(
  kit: Kit,
  held: Held,
  signal: AbortSignal,
  went: () => void,
): Promise<void> {
  const { hub, peers } = kit;
  const holder = hub.identity.hubId;
  const cursor = await peers.claim(held, holder);
  if (cursor === undefined) return;
  using dialled = await dialPeer(hub, held, signal);
  const peer = createClient(EventService, dialled.transport);
  const own = hub.calls.as(EventService, insideCaller("link", held.tenant), signal);
  const wish = { afterCursor: cursor, types: held.peer.toldTypes, withProofs: true };
  const isOwn = (one: StoredEvent) => isOwnWord(one, hub.identity.trustDomain);
  let error = "";
  let waiting: readonly StoredEvent[] = [];
  for await (const { item } of own.subscribe(wish, { signal })) {
    if (item.case === "reconnect") return;
    if (item.case === undefined) continue;
    const { ready, rest } =
      item.case === "delivery"
        ? wholeBatches([...waiting, ...item.value.events.filter(isOwn)], item.value.cursor)
        : { ready: waiting, rest: [] };
    error = (await tellAll(peer, ready, signal)) ?? error;
    waiting = rest;
    if (item.case === "gap") {
      const { fromCursor, toCursor, reason } = item.value;
      error = `events ${fromCursor} to ${toCursor} were not told: ${reason}`;
      await peers.told(held, holder, toCursor, error);
      continue;
    }
    const [next] = rest;
    await peers.told(held, holder, next ? next.cursor - 1n : item.value.cursor, error);
    went();
  }
}

/** Tells a peer of events, in order; returns why it will not take one, if it does not. */
async function tellAll(
  peer: Client<typeof EventService>,
  events: readonly StoredEvent[],
  signal: AbortSignal,
): Promise<string | undefined> {
  let error: string | undefined;
  for (const round of roundsOf(requestsOf(events))) {
    const told = await Promise.all(round.map((one) => tellBatch(peer, one, signal)));
    error = told.find((one) => one !== undefined) ?? error;
  }
  return error;
}

/** Why the peer will never take it; undefined when it has it. Throws what may go better later. */
async function tellBatch(
  peer: Client<typeof EventService>,
  request: PublishForeignRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await peer.publishForeign(request, { signal });
    return undefined;
  } catch (error) {
    const fate = fateOf(reasonOf(error));
    if (fate === "again") throw error;
    return fate === "known" ? undefined : `not taken: ${ConnectError.from(error).rawMessage}`;
  }
}

function reasonOf(error: unknown): Reason | undefined {
  const [info] = ConnectError.from(error).findDetails(ErrorInfoSchema);
  return info === undefined ? undefined : reasonNamed(info.reason);
}

/** Calls the peer's node listener as this hub, and requires a hub of that very domain there. */
async function dialPeer(hub: Hub, { peer }: Held, signal: AbortSignal): Promise<Dialled> {
  const { nodeAddress: address, trustDomain, bundle } = peer;
  const inspect = (presented: Uint8Array[]) => {
    const chain = followChain(presented, bundle?.roots ?? []);
    if (chain.trustDomain !== trustDomain) throw new ChainRefused(`it is ${chain.spiffeId}`);
    if (!holdsAt(chain, hub.storage.nowMs())) throw new ChainRefused("its certificate has ended");
  };
  const { world } = hub;
  return await dialHub({ address, own: hub.certificate(), inspect, world, signal });
}

/** Where a tenant's log ends now: a new peer hears what comes from here on. */
export async function headOf(hub: Hub, tenant: TenantId, signal: AbortSignal): Promise<bigint> {
  const own = hub.calls.as(EventService, insideCaller("link", tenant), signal);
  for await (const { item } of own.subscribe({ untilHead: true }, { signal })) {
    if (item.case === "head") return item.value.cursor;
  }
  return 0n;
}
