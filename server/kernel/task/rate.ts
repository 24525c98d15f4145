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
  rate: Rate,
  dueMs: number,
  wanted: number,
  nowMs: number,
): { readonly allowed: number; readonly dueMs: number } {
  const { spacingMs, burst } = shapeOf(rate);
  const from = Math.max(boundDueMs(rate, dueMs, nowMs), nowMs);
  const room = Math.floor((nowMs + spacingMs * burst - from + epsilonMs) / spacingMs);
  const allowed = Math.max(0, Math.min(wanted, room));
  return { allowed, dueMs: from + spacingMs * allowed };
}

/** When at least one more passes. */
export function nextAllowedMs(rate: Rate, dueMs: number, nowMs: number): number {
  const { spacingMs, burst } = shapeOf(rate);
  const boundMs = boundDueMs(rate, dueMs, nowMs);
  return Math.max(nowMs, Math.ceil(boundMs - spacingMs * (burst - 1) - epsilonMs));
}

type Rate = Pick<QueueRate, "perMinute" | "burst">;

function shapeOf({ perMinute, burst }: Rate) {
  const spacingMs = minuteMs / perMinute;
  return { spacingMs, burst: burst || Math.max(1, Math.floor(perMinute / minuteParts)) };
}

/** No later than this rate itself would put it: another one may have, which was set before. */
function boundDueMs(rate: Rate, dueMs: number, nowMs: number): number {
  const { spacingMs, burst } = shapeOf(rate);
  return Math.min(dueMs, nowMs + spacingMs * burst);
}
