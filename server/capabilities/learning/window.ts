/** What a cycle looks at: whole minutes up to an instant, in milliseconds since 1970. */
export interface Window {
  readonly startMs: number;
  readonly endMs: number;
}

/** What is tallied together. */
export const minuteMs = 60_000;

/** How far back a cycle looks. */
export const windowMs = 10 * minuteMs;

/** How often a cycle runs when something changed. */
export const cycleEveryMs = minuteMs;

/** How often a cycle runs though nothing changed: what is not told grows old. */
export const quietCycleMs = 5 * minuteMs;

/** The window that ends at an instant; it begins with a whole minute. */
export function windowAt(endMs: number): Window {
  return { startMs: minuteOf(endMs - windowMs), endMs };
}

/** The minute that an instant lies in. */
export function minuteOf(ms: number): number {
  return Math.floor(ms / minuteMs) * minuteMs;
}

/** When the next cycle is due. */
export function dueMs(endedMs: number, changed: boolean): number {
  return endedMs + (changed ? cycleEveryMs : quietCycleMs);
}
