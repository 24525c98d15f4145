import { createClient } from "@connectrpc/connect";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { openAgent } from "./agent.ts";
import { hubClock } from "./clock.ts";
import { FoedusError } from "./error.ts";
import { openKeyring } from "./event/keyring.ts";
import type { SubscribeKit } from "./event/subscribe.ts";
import { subscribe } from "./event/subscribe.ts";
import type { NodeKit } from "./link/kit.ts";
import { leftMs } from "./link/kit.ts";
import type { Link } from "./link/link.ts";
import { openLink } from "./link/link.ts";
import { Meter } from "./link/meter.ts";
import type { Reports } from "./link/report.ts";
import { startReports } from "./link/report.ts";
import { linkStatus } from "./link/status.ts";
import { endAttempt } from "./membership/attempt.ts";
import { readTime, writeTime } from "./membership/clock-file.ts";
import type { Membership } from "./membership/membership.ts";
import { readMembership } from "./membership/membership.ts";
import type { FoedusNode, NodeStatus, OpenOptions } from "./node.ts";
import { openEpochs } from "./node/epochs.ts";
import { untilEnd } from "./node/hearing.ts";
import type { Presence } from "./node/presence.ts";
import { openPresence } from "./node/presence.ts";
import { Telling } from "./node/telling.ts";
import type { WatchKit } from "./node/watch.ts";
import { watchNodes } from "./node/watch.ts";
import { linked } from "./signals.ts";
import { NodeSync } from "./sync/node.ts";
import { folderStore } from "./store/folder.ts";
import type { NodeStore } from "./store/store.ts";
import { openCrew, type Crew } from "./task/node.ts";

/** How long `close` waits for events that are on their way, and for a hub that is away. */
const drainMs = 5_000;
const awayMs = 500;

/**
 * Opens a node that joined before (`joinHub`). Returns at once, whether or not the hub can be
 * reached; `ready()` waits for it. One process at a time may hold a node.
 *
 * @throws FoedusError NOT_JOINED, DATA_FOLDER_HELD, NODE_STATE_DAMAGED
 */
export async function openNode(
  place: string | NodeStore,
  options: OpenOptions = {},
): Promise<FoedusNode> {
  const store = typeof place === "string" ? folderStore(place) : place;
  const held = await store.hold(options.purpose ?? "a node");
  try {
    const membership = await membershipOf(store);
    const kit = await kitOf(store, membership, options);
    const link = openLink(kit);
    const closed = link.done.then(() => held.release());
    const sync = new NodeSync(kit, link, folderOf(place), options.sync);
    return assemble({ ...partsOf(kit, link, options), sync }, closed);
  } catch (error) {
    held.release();
    throw error;
  }
}

function folderOf(place: string | NodeStore): string | undefined {
  return typeof place === "string" ? place : undefined;
}

async function membershipOf(store: NodeStore): Promise<Membership> {
  const membership = await readMembership(store);
  if (membership === undefined) throw new FoedusError(Reason.NOT_JOINED, { place: store.place });
  await endAttempt(store);
  return membership;
}

async function kitOf(
  store: NodeStore,
  membership: Membership,
  { world = realWorld, notice = () => {}, signal }: OpenOptions,
): Promise<NodeKit> {
  const clock = hubClock(world.clock, (await readTime(store)).skewMs);
  const ended = new AbortController();
  const closeNow = () => ended.abort(new FoedusError(Reason.NODE_CLOSED));
  signal?.addEventListener("abort", closeNow, { once: true, signal: ended.signal });
  if (signal?.aborted === true) closeNow();
  return { world, store, clock, notice, membership, ended, meter: new Meter(world) };
}

/** What an open node consists of. */
interface Parts {
  readonly kit: NodeKit;
  readonly link: Link;
  readonly presence: Presence;
  readonly telling: Telling;
  readonly reports: Reports;
  readonly hearing: SubscribeKit;
  readonly seeing: WatchKit;
  readonly sync: NodeSync;
  readonly crew: Crew;
}

function partsOf(kit: NodeKit, link: Link, { health, outbox }: OpenOptions): Omit<Parts, "sync"> {
  const { world } = kit;
  const events = createClient(EventService, link.transport);
  const nodes = createClient(NodeService, link.transport);
  const identities = createClient(IdentityService, link.transport);
  const epochs = openEpochs(kit);
  const keyring = openKeyring({ world, identities, events });
  const moving = () => link.moving();
  return {
    kit,
    link,
    presence: openPresence({ kit, link, client: nodes, epochs }, health),
    telling: new Telling({ kit, link, client: events }, epochs, outbox),
    reports: startReports(kit, link, epochs),
    hearing: { world, client: events, keyring, moving },
    seeing: { world, client: nodes, moving },
    crew: openCrew({
      world,
      transport: link.transport,
      ended: kit.ended.signal,
      moving,
      hubNow: () => kit.clock.now(),
    }),
  };
}

function assemble(parts: Parts, closed: Promise<void>): FoedusNode {
  const { kit, link, presence, telling, hearing, seeing, sync, crew } = parts;
  const { nodeId, name, tenant, spiffeId } = kit.membership.admission;
  const close = () => closeNode(parts, closed);
  return {
    nodeId,
    name,
    tenant,
    spiffeId,
    signal: kit.ended.signal,
    hubNow: () => kit.clock.now(),
    status: () => statusOf(parts),
    ready: (signal) => link.ready(signal),
    register: (profile, signal) => presence.register(profile, signal),
    publish: (schema, payload, wish) => telling.publish(schema, payload, wish),
    publishStream: (events, wish) => telling.publishStream(events, wish),
    subscribe: (wish = {}) =>
      untilEnd(kit, wish.signal, (signal) => subscribe(hearing, { ...wish, signal })),
    watchNodes: (wish) => untilEnd(kit, wish, (signal) => watchNodes(seeing, signal)),
    client: (service) => createClient(service, link.guarded),
    collection: async (name, wish) => (await sync.open()).collection(name, wish),
    collections: () => sync.open(),
    peers: () => sync.peers(),
    tasks: crew.tasks,
    work: (wish, work) => crew.work(wish, work),
    moving: () => link.moving(),
    agent: (agent, wish = {}) => {
      const { world, ended } = kit;
      const hubNow = () => kit.clock.now();
      const transport = link.guarded;
      const moving = () => link.moving();
      return openAgent({ transport, world, ended: ended.signal, moving, hubNow }, agent, wish);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function statusOf({ kit, link, presence, telling }: Parts): NodeStatus {
  const waiting = link.waiting();
  return {
    connected: link.connected(),
    waiting: waiting && { reason: waiting.error.message, sinceMs: waiting.sinceMs },
    roundTripMs: presence.roundTripMs(),
    skewMs: kit.clock.skewMs(),
    certificateLeftMs: Math.max(0, leftMs(kit)),
    ...telling.counts(),
    link: linkStatus(kit, link),
  };
}

async function closeNode(
  { kit, link, telling, reports, sync, crew }: Parts,
  closed: Promise<void>,
): Promise<void> {
  const { ended, world } = kit;
  if (!ended.signal.aborted) {
    await crew.close();
    using waiting = linked(ended.signal);
    const late = world.timers.sleep(link.connected() ? drainMs : awayMs, waiting.signal);
    await Promise.all([Promise.race([telling.drained(), late]), sync.close()]);
    if (link.connected()) await Promise.race([reports.last(), late]);
    waiting.abort();
    await rememberTime(kit).catch(() => undefined);
  }
  ended.abort(new FoedusError(Reason.NODE_CLOSED));
  await sync.close();
  await closed;
}

/** So that the next run begins with a good guess of the hub's time. */
async function rememberTime({ store, clock }: NodeKit): Promise<void> {
  if (!clock.measured) return;
  const { epoch } = await readTime(store);
  await writeTime(store, { skewMs: clock.skewMs(), hubMs: clock.now(), epoch });
}
