/** A limit: so many a minute, and at most `burst` at once. */
export interface Rate {
  readonly perMinute: number;
  readonly burst: number;
}

/** When the next one is due, in milliseconds; the whole state of one bucket. */
export interface RateState {
  dueMs: number;
}

/**
 * Counts one against a limit (generic cell rate algorithm, ITU-T I.371). Returns 0 when it passes,
 * else how long to wait in milliseconds; a refused one does not count.
 */
export function takeRate(state: RateState, rate: Rate, nowMs: number, cost = 1): number {
  const spacingMs = 60_000 / rate.perMinute;
  const due = Math.max(state.dueMs, nowMs) + spacingMs * cost;
  const early = due - nowMs - spacingMs * Math.max(rate.burst, cost);
  if (early > 1e-6) return Math.ceil(early);
  state.dueMs = due;
  return 0;
}
