import type { QueueRate } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";

const minuteMs = 60_000;
const minuteParts = 60;
/** Less than a thousandth of a millisecond is an error of the sum. */
const epsilonMs = 1e-3;

/**
 * How many of the wanted claims pass now, and when the next is due then (generic cell rate
 * algorithm, as kernel/rate.ts, for several at once).
 */
export function allowance(
  rate: Pick<QueueRate, "perMinute" | "burst">,
  dueMs: number,
  wanted: number,
  nowMs: number,
): { readonly allowed: number; readonly dueMs: number } {
  const spacingMs = minuteMs / rate.perMinute;
  const burst = rate.burst || Math.max(1, Math.floor(rate.perMinute / minuteParts));
  const from = Math.max(dueMs, nowMs);
  const room = Math.floor((nowMs + spacingMs * burst - from + epsilonMs) / spacingMs);
  const allowed = Math.max(0, Math.min(wanted, room));
  return { allowed, dueMs: from + spacingMs * allowed };
}

/** When at least one more passes. */
export function nextAllowedMs(
  rate: Pick<QueueRate, "perMinute" | "burst">,
  dueMs: number,
  nowMs: number,
): number {
  const spacingMs = minuteMs / rate.perMinute;
  const burst = rate.burst || Math.max(1, Math.floor(rate.perMinute / minuteParts));
  return Math.max(nowMs, Math.ceil(dueMs - spacingMs * (burst - 1)));
}
