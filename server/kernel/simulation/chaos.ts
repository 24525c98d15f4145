import type { HubHost } from "./hub.host.ts";
import type { Actor } from "./net.ts";
import type { Fault } from "./plan.ts";
import type { SpokeHost } from "./spoke.host.ts";
import { streams } from "./topology.ts";
import type { World } from "./world.ts";

const keptPlaces = 25;
const jumpMs = 90_000;
const hubJumpMs = 30_000;
const slowMs = 400;
const drainMs = 40;
const drainTries = 40;

type Act = (world: World, fault: Fault) => void;

const acts: Readonly<Record<Fault["kind"], Act>> = {
  "a hub crashes": (world, { pick, forMs }) => at(world.hubs, pick).crash(forMs),
  "one process of a hub crashes": (world, { pick, forMs }) => {
    at(processes(world), pick).crash(forMs);
  },
  "a hub is cut off": (world, { pick, forMs }) => {
    isolate(world, at(world.hubs, pick).processes, forMs);
  },
  "the network is split": (world, { pick, forMs }) => {
    const all: readonly Actor[] = [...processes(world), ...world.spokes];
    const isThere = (place: number) => (place * 7 + pick) % 3 === 0;
    isolate(world, new Set(all.filter((_, place) => isThere(place))), forMs, true);
  },
  "a link is slow": ({ ground: { net, agenda }, ...world }, { pick, forMs }) => {
    const slow = at([...processes(world), ...world.spokes], pick);
    net.slow.set(slow, slowMs);
    agenda.after(forMs, () => void net.slow.delete(slow));
  },
  "a hub is restored from a backup": (world, { pick, forMs }) => {
    at(world.hubs, pick).restore(forMs);
  },
  "a hub is backed up": (world, { pick }) => at(world.hubs, pick).backUp(),
  "a hub gets another parent": (world, { pick, forMs }) => reparent(world, pick, forMs),
  "a hub's clock jumps": (world, { pick, forMs }) => {
    jump(world, at(world.hubs, pick), pick % 2 === 0 ? hubJumpMs : -hubJumpMs, forMs);
  },
  "logs are truncated": (world) => {
    for (const hub of world.hubs) hub.log.truncate(keptPlaces, hub.nowMs);
  },
  "a replica crashes": (world, { pick, forMs }) => at(steady(world), pick).crash(forMs),
  "a connection breaks": (world, { pick }) => world.ground.net.closeAll(at(steady(world), pick)),
  "a replica moves to another hub": (world, { pick }) => {
    const spoke = at(steady(world), pick);
    spoke.rehome();
    world.ground.net.closeAll(spoke);
  },
  "a replica's clock jumps": (world, { pick, forMs }) => {
    jump(world, at(steady(world), pick), jumpMs, forMs);
  },
  "peers meet": (world, { pick }) => meet(world, at(steady(world), pick), pick),
  "a replica's scope grows": (world, { pick }) => {
    const spoke = at(steady(world), pick);
    const stream = at(Object.values(streams), pick);
    if (spoke.isUp) spoke.step({ type: "subscribe", stream });
  },
  "a replica's scope shrinks": (world, { pick }) => {
    const spoke = at(steady(world), pick);
    const { stream } = at([...spoke.state.holds.values()], pick);
    if (spoke.isUp) spoke.step({ type: "unsubscribe", stream });
  },
};

/** Lets something go wrong. */
export function bringAbout(world: World, fault: Fault): void {
  world.ground.watch.happened(fault.kind);
  acts[fault.kind](world, fault);
}

/** Those here can talk to nobody; or, where there are two sides, only to each other. */
function isolate(world: World, here: Iterable<Actor>, forMs: number, isSide = false): void {
  const { net, agenda } = world.ground;
  const those = new Set(here);
  if (isSide) net.splits.add(those);
  else for (const each of those) net.cutOff.add(each);
  net.closeBroken();
  agenda.after(forMs, () => {
    net.splits.delete(those);
    for (const each of those) net.cutOff.delete(each);
  });
}

function jump(world: World, whose: { skewMs: number }, byMs: number, forMs: number): void {
  whose.skewMs += byMs;
  world.ground.agenda.after(forMs, () => void (whose.skewMs -= byMs));
}

/**
 * Under another hub that does not lie below it; the zone's hubs must still hang together, and the
 * former parent must have all: else what is truncated here might lie only below from then on. As
 * long as a hub that has moved waits for others to tell its new parent, nobody else moves: the way
 * by which they do might go, and come to lie below it.
 */
function reparent(world: World, pick: number, forMs: number): void {
  const hub = at(world.hubs.slice(1), pick);
  const { parent } = hub;
  if (parent === undefined || !hub.isUp) return;
  const isInside = parent.zones.includes("eu") && hub.zones.includes("eu");
  const others = world.hubs.filter((other) => {
    const fits = !isInside || other.zones.includes("eu");
    return fits && other !== parent && !isBelow(other, hub);
  });
  if (others.length === 0) return;
  const other = at(others, pick);
  world.ground.net.closeDoors(hub.processes);
  drain(world, hub, drainTries, () => {
    if (isBelow(other, hub) || world.hubs.some((each) => !each.goesUp())) return;
    world.ground.watch.happened("a hub was drained, and got another parent");
    hub.moveUnder(other, forMs);
  });
}

/** Waits until the parent has all, and nobody brings anything meanwhile. */
function drain(world: World, hub: HubHost, tries: number, then: () => void): void {
  const { net, agenda } = world.ground;
  // In the calm nobody moves any more.
  if (net.isCalm) return;
  const isDrained = hub.isUp && hub.isDrained();
  if (isDrained) then();
  if (isDrained || tries === 0) {
    for (const each of hub.processes) net.shut.delete(each);
    return;
  }
  agenda.after(drainMs, () => drain(world, hub, tries - 1, then));
}

function isBelow(hub: HubHost, top: HubHost): boolean {
  for (let each: HubHost | undefined = hub; each !== undefined; each = each.parent) {
    if (each === top) return true;
  }
  return false;
}

function meet(world: World, one: SpokeHost, pick: number): void {
  const others = steady(world).filter(
    (other) => other !== one && other.life.tenant === one.life.tenant,
  );
  if (others.length === 0) return;
  const other = at(others, pick);
  if (!one.isUp || !other.isUp) return;
  one.handTo(other);
  other.handTo(one);
}

function processes({ hubs }: Pick<World, "hubs">) {
  return hubs.flatMap((hub) => hub.processes);
}

function steady({ spokes }: World): SpokeHost[] {
  return spokes.filter(({ life }) => !life.isAgent);
}

function at<T>(all: readonly T[], pick: number): T {
  const one = all[pick % all.length];
  if (one === undefined) throw new Error("nobody it could happen to");
  return one;
}
