import type { Rate, RateState } from "@foedus/kernel/rate.ts";
import { takeRate } from "@foedus/kernel/rate.ts";
import type { World } from "@foedus/kernel/world.ts";

/** Rates of many callers; those who are quiet again are forgotten. */
export interface RateTable {
  /** Counts one; 0 when it passes, else the milliseconds to wait. */
  take(key: string, rate: Rate, cost?: number): number;
  /** How many more would pass right now. */
  left(key: string, rate: Rate): number;
}

/** Callers remembered at once; beyond it the one that was seen longest ago is forgotten. */
const callersMax = 100_000;

const burstLeast = 10;

/** A minute's rate, half of which may come at once: whoever begins asks for much. */
export function rateOf(perMinute: number): Rate {
  return { perMinute, burst: Math.max(burstLeast, Math.ceil(perMinute / 2)) };
}

/** An empty table. */
export function openRates(world: World): RateTable {
  const states = new Map<string, RateState>();
  return {
    take(key, rate, cost = 1) {
      const nowMs = world.clock.monotonic();
      const state = states.get(key) ?? { dueMs: 0 };
      states.delete(key);
      states.set(key, state);
      if (states.size > callersMax) forgetOldest(states);
      return takeRate(state, rate, nowMs, cost);
    },
    left(key, rate) {
      const spacingMs = 60_000 / rate.perMinute;
      const usedMs = Math.max(0, (states.get(key)?.dueMs ?? 0) - world.clock.monotonic());
      return Math.max(0, Math.floor(rate.burst - usedMs / spacingMs));
    },
  };
}

function forgetOldest(states: Map<string, RateState>): void {
  for (const key of states.keys()) {
    states.delete(key);
    return;
  }
}
