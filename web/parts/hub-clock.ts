import { clock, instantOf } from "./clock.ts";

/** Differences below this are the resolution of the Date header, not a wrong clock. */
export const offsetFloorMs = 3_000;

let offsetMs = 0;

/** How far the hub's clock is ahead of this browser's, from one answer's Date header. */
export function offsetOf(dateHeader: string | null, nowMs: number): number | undefined {
  const hubMs = dateHeader === null ? Number.NaN : instantOf(dateHeader);
  if (Number.isNaN(hubMs)) return undefined;
  const offset = hubMs + 500 - nowMs;
  return Math.abs(offset) < offsetFloorMs ? 0 : offset;
}

/** Learns from an answer's Date header. */
export function learnHubTime(dateHeader: string | null): void {
  offsetMs = offsetOf(dateHeader, clock.now()) ?? offsetMs;
}

/** Now, by the hub's clock: the only one that ages are told by. */
export function hubNow(): number {
  return clock.now() + offsetMs;
}

/** How far the hub's clock is ahead of this browser's; 0 when they agree. */
export function hubOffsetMs(): number {
  return offsetMs;
}
