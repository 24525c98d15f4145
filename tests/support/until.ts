import { vi } from "vitest";

/** Long enough for a busy machine; whoever waits for an event is not told how soon it comes. */
const patienceMs = 100_000;

/** How many times as slow as an idle one a machine may be that a promise is measured on. */
export const slowTimes = 10;

/** Looks again and again until what is looked at holds. */
export function until<T>(look: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(look, patienceMs);
}
