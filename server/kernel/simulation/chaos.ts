import { streams, type Fault } from "./plan.ts";
import type { SpokeHost } from "./spoke.host.ts";
import type { World } from "./world.ts";

const keptPlaces = 25;
const jumpMs = 90_000;

/** Lets something go wrong. */
export function bringAbout(world: World, { kind, pick, forMs }: Fault): void {
  const { net, agenda, startMs } = world.ground;
  const hub = at(world.hubs, pick);
  const spoke = at(steady(world), pick);
  switch (kind) {
    case "hub crashes":
      return hub.crash(forMs);
    case "hub is cut off":
      net.cutOff.add(hub);
      net.closeAll(hub);
      return agenda.after(forMs, () => void net.cutOff.delete(hub));
    case "hub is backed up":
      return hub.backUp();
    case "hub is restored":
      return hub.restore(forMs);
    case "logs are truncated":
      for (const each of world.hubs) each.log.truncate(keptPlaces, startMs + agenda.nowMs);
      return undefined;
    case "replica crashes":
      return spoke.crash(forMs);
    case "replica moves":
      spoke.rehome();
      return net.closeAll(spoke);
    case "connection breaks":
      return net.closeAll(spoke);
    case "clock jumps":
      spoke.skewMs += jumpMs;
      return agenda.after(forMs, () => void (spoke.skewMs -= jumpMs));
    case "scope grows":
      return grow(spoke, pick);
    default:
      return meet(world, spoke, pick);
  }
}

function grow(spoke: SpokeHost, pick: number): void {
  if (!spoke.isUp) return;
  const stream = at(Object.values(streams), pick);
  spoke.step({ type: "subscribe", stream });
}

function meet(world: World, one: SpokeHost, pick: number): void {
  const others = steady(world).filter(
    (other) => other !== one && other.life.tenant === one.life.tenant,
  );
  const other = at(others, pick);
  if (!one.isUp || !other.isUp) return;
  one.handTo(other);
  other.handTo(one);
}

function steady({ spokes }: World): SpokeHost[] {
  return spokes.filter(({ life }) => !life.isAgent);
}

function at<T>(all: readonly T[], pick: number): T {
  const one = all[pick % all.length];
  if (one === undefined) throw new Error("nobody it could happen to");
  return one;
}
