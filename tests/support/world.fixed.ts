import type { World } from "@foedus/kernel/world.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";

/** A world whose time passes only when it is told to. */
export interface FixedWorld extends World {
  advance(ms: number): void;
}

/** Stands still at the given instant; timers never fire. */
export function fixedWorld(startMs = 1_800_000_000_000): FixedWorld {
  let nowMs = startMs;
  const never = {
    after: () => ({ cancel: () => undefined }),
    sleep: () => new Promise<void>(() => undefined),
  };
  return {
    clock: { now: () => nowMs, monotonic: () => nowMs },
    random: realWorld.random,
    timers: never,
    advance: (ms) => void (nowMs += ms),
  };
}
