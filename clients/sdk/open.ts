import { createClient } from "@connectrpc/connect";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { hubClock } from "./clock.ts";
import { FoedusError } from "./error.ts";
import { openKeyring } from "./event/keyring.ts";
import { subscribe } from "./event/subscribe.ts";
import type { NodeKit } from "./link/kit.ts";
import { leftMs } from "./link/kit.ts";
import type { Link } from "./link/link.ts";
import { openLink } from "./link/link.ts";
import { endAttempt } from "./membership/attempt.ts";
import { readTime, writeTime } from "./membership/clock-file.ts";
import type { Membership } from "./membership/membership.ts";
import { readMembership } from "./membership/membership.ts";
import type { FoedusNode, OpenOptions } from "./node.ts";
import { openEpochs } from "./node/epochs.ts";
import { untilEnd } from "./node/hearing.ts";
import { openPresence } from "./node/presence.ts";
import { openTelling } from "./node/telling.ts";
import { watchNodes } from "./node/watch.ts";
import { linked } from "./signals.ts";
import { folderStore } from "./store/folder.ts";
import type { NodeStore } from "./store/store.ts";

/** How long `close` waits for events that are on their way. */
const drainMs = 5_000;

/**
 * Opens a node that joined before (`joinHub`). Returns at once, whether or not the hub can be reached;
 * `ready()` waits for it. One process at a time may hold a node.
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
    return assemble(kit, link, closed, options);
  } catch (error) {
    held.release();
    throw error;
  }
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
  return { world, store, clock, notice, membership, ended };
}

function assemble(
  kit: NodeKit,
  link: Link,
  closed: Promise<void>,
  options: OpenOptions,
): FoedusNode {
  const { world, ended, clock } = kit;
  const { nodeId, name, tenant, spiffeId, hubSpiffeId } = kit.membership.admission;
  const events = createClient(EventService, link.transport);
  const nodes = createClient(NodeService, link.transport);
  const identities = createClient(IdentityService, link.transport);
  const epochs = openEpochs(kit);
  const keyring = openKeyring({ world, identities, events, hubSpiffeId });
  const presence = openPresence({ kit, link, client: nodes, epochs }, options.health);
  const telling = openTelling({ kit, link, client: events }, epochs, options.outbox);

  const moving = () => link.moving();

  async function close(): Promise<void> {
    if (!ended.signal.aborted) {
      using waiting = linked(ended.signal);
      const late = world.timers.sleep(drainMs, waiting.signal);
      await Promise.race([telling.drained(), late]);
      waiting.abort();
      await rememberTime(kit).catch(() => undefined);
    }
    ended.abort(new FoedusError(Reason.NODE_CLOSED));
    await closed;
  }

  return {
    nodeId,
    name,
    tenant,
    spiffeId,
    signal: ended.signal,
    hubNow: () => clock.now(),
    status() {
      const waiting = link.waiting();
      return {
        connected: link.connected(),
        waiting: waiting && { reason: waiting.error.message, sinceMs: waiting.sinceMs },
        roundTripMs: presence.roundTripMs(),
        skewMs: clock.skewMs(),
        certificateLeftMs: Math.max(0, leftMs(kit)),
        ...telling.counts(),
      };
    },
    ready: (signal) => link.ready(signal),
    register: (profile, signal) => presence.register(profile, signal),
    publish: telling.publish,
    publishStream: telling.publishStream,
    subscribe: (wish = {}) =>
      untilEnd(kit, wish.signal, (both) =>
        subscribe({ world, client: events, keyring, moving }, { ...wish, signal: both }),
      ),
    watchNodes: (signal) =>
      untilEnd(kit, signal, (both) => watchNodes({ world, client: nodes, moving }, both)),
    client: (service) => createClient(service, link.transport),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** So that the next run begins with a good guess of the hub's time. */
async function rememberTime({ store, clock }: NodeKit): Promise<void> {
  if (!clock.measured) return;
  const { epoch } = await readTime(store);
  await writeTime(store, { skewMs: clock.skewMs(), hubMs: clock.now(), epoch });
}
