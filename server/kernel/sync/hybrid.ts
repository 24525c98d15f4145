const ticksPerMs = 1024;

/**
 * The next hybrid time: the clock's milliseconds, or the last time and a tick where the clock
 * stands still or went back. It breaks ties among concurrent values and decides nothing else.
 */
export function hybridAfter(lastMs: number, nowMs: number): number {
  return Math.max(Math.floor(nowMs), lastMs + 1 / ticksPerMs);
}
