import type { Clock } from "@foedus/kernel/world.ts";

/** The hub's clock as seen from here: whoever needs to know what time it is asks this. */
export interface HubClock {
  /** The hub's time in milliseconds since 1970: measured, or guessed before the first measure. */
  now(): number;
  /** Takes an answer of the hub into account; both instants are of the monotonic clock. */
  learn(hubMs: number, askedMs: number, answeredMs: number): void;
  /** How far the wall clock of this machine is ahead of the hub's, in milliseconds. */
  skewMs(): number;
  /** Whether the hub told its time since this process started. */
  readonly measured: boolean;
}

interface Measure {
  readonly hubMs: number;
  readonly atMs: number;
  readonly roundTripMs: number;
}

/** A measure by a fast answer is better than a later one by a slow answer, but not for ever. */
const trustMs = 60_000;

/** Beyond this the clocks moved against each other: a machine slept, or somebody set the hub's. */
const surpriseMs = 250;

/**
 * Runs on the monotonic clock from the last good measure on, so that setting this machine's wall
 * clock changes nothing. `skewMs` is what an earlier run measured.
 */
export function hubClock(clock: Clock, skewMs = 0): HubClock {
  let best: Measure | undefined;
  const at = (measure: Measure, nowMs: number) => measure.hubMs + (nowMs - measure.atMs);
  const now = () => (best === undefined ? clock.now() - skewMs : at(best, clock.monotonic()));
  return {
    now: () => Math.round(now()),
    skewMs: () => Math.round(clock.now() - now()),
    learn(hubMs, askedMs, answeredMs) {
      const roundTripMs = Math.max(0, answeredMs - askedMs);
      const fresh = { hubMs: hubMs + roundTripMs / 2, atMs: answeredMs, roundTripMs };
      if (best === undefined || replaces(fresh, best, at(best, answeredMs))) best = fresh;
    },
    get measured() {
      return best !== undefined;
    },
  };
}

function replaces(fresh: Measure, best: Measure, expectedMs: number): boolean {
  if (fresh.roundTripMs <= best.roundTripMs) return true;
  if (fresh.atMs - best.atMs > trustMs) return true;
  return Math.abs(fresh.hubMs - expectedMs) > surpriseMs + fresh.roundTripMs;
}
