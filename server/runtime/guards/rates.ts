import type { Rate, RateState } from "@foedus/kernel/rate.ts";
import { takeRate } from "@foedus/kernel/rate.ts";
import type { World } from "@foedus/kernel/world.ts";

/** How much somebody used of a rate. */
export interface RateUse {
  /** As it was counted under. */
  readonly key: string;
  /** What passed in the busiest minute of the last five. */
  readonly used: number;
  readonly perMinute: number;
}

/** Rates of many callers; those who are quiet again are forgotten. */
export interface RateTable {
  /** Counts one; 0 when it passes, else the milliseconds to wait. */
  take(key: string, rate: Rate, cost?: number): number;
  /** How many more would pass right now. */
  left(key: string, rate: Rate): number;
  /** Those who used most of their rates, most first. */
  busiest(countMax: number): RateUse[];
}

interface Entry extends RateState {
  perMinute: number;
  /** Which minute it is, and what passed in it and in each of the four before. */
  minute: number;
  readonly passed: number[];
}

const minuteMs = 60_000;

/** Minutes that are looked back on. */
const minutesKept = 5;

/** Callers remembered at once; beyond it the one that was seen longest ago is forgotten. */
const callersMax = 100_000;

const burstLeast = 10;

/** A minute's rate, half of which may come at once: whoever begins asks for much. */
export function rateOf(perMinute: number): Rate {
  return { perMinute, burst: Math.max(burstLeast, Math.ceil(perMinute / 2)) };
}

/** An empty table. */
export function openRates(world: World): RateTable {
  const states = new Map<string, Entry>();
  return {
    take(key, rate, cost = 1) {
      const nowMs = world.clock.monotonic();
      const state = states.get(key) ?? newEntry(nowMs);
      states.delete(key);
      states.set(key, state);
      if (states.size > callersMax) forgetOldest(states);
      const waitMs = takeRate(state, rate, nowMs, cost);
      if (waitMs === 0) count(state, rate, nowMs, cost);
      return waitMs;
    },
    left(key, rate) {
      const spacingMs = 60_000 / rate.perMinute;
      const usedMs = Math.max(0, (states.get(key)?.dueMs ?? 0) - world.clock.monotonic());
      return Math.max(0, Math.floor(rate.burst - usedMs / spacingMs));
    },
    busiest(countMax) {
      const minute = minuteOf(world.clock.monotonic());
      const uses = [...states].map(([key, entry]) => useOf(key, entry, minute));
      const share = ({ used, perMinute }: RateUse) => used / perMinute;
      const some = uses.filter(({ used }) => used > 0);
      return some.toSorted((a, b) => share(b) - share(a)).slice(0, countMax);
    },
  };
}

function newEntry(nowMs: number): Entry {
  return { dueMs: 0, perMinute: 1, minute: minuteOf(nowMs), passed: [0] };
}

function minuteOf(nowMs: number): number {
  return Math.floor(nowMs / minuteMs);
}

function count(entry: Entry, { perMinute }: Rate, nowMs: number, cost: number): void {
  const minute = minuteOf(nowMs);
  for (; entry.minute < minute; entry.minute += 1) {
    if (minute - entry.minute > minutesKept) entry.minute = minute - minutesKept;
    entry.passed.unshift(0);
    entry.passed.length = Math.min(entry.passed.length, minutesKept);
  }
  entry.perMinute = perMinute;
  entry.passed[0] = (entry.passed[0] ?? 0) + cost;
}

function useOf(key: string, { perMinute, minute, passed }: Entry, nowMinute: number): RateUse {
  const recent = passed.slice(0, Math.max(0, minutesKept - (nowMinute - minute)));
  return { key, used: Math.max(0, ...recent), perMinute };
}

function forgetOldest(states: Map<string, RateState>): void {
  for (const key of states.keys()) {
    states.delete(key);
    return;
  }
}
