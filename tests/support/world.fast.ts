import type { World } from "@foedus/kernel/world.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";

/**
 * The real world with every wait and the monotonic clock so many times as fast; wall time is real.
 */
export function fastWorld(times: number): World {
  const { clock, random, timers } = realWorld;
  return {
    clock: { now: clock.now, monotonic: () => clock.monotonic() * times },
    random,
    timers: {
      after: (ms, act) => timers.after(ms / times, act),
      sleep: (ms, signal) => timers.sleep(ms / times, signal),
    },
  };
}
