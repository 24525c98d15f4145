import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { Live, Standing, Terms } from "./standing.ts";
import { hasEnded } from "./standing.ts";

/**
 * When the hub has to look at a task by itself: its time comes, its lease lapses, or the nearest of
 * its deadlines passes. Undefined when it can wait for ever.
 */
export function wakeMs({ terms, standing }: Pick<Live, "terms" | "standing">): number | undefined {
  if (hasEnded(standing)) return undefined;
  const { untilMs, attempt } = standing;
  if (standing.state === TaskState.SCHEDULED) return nearest(standing.dueMs, untilMs);
  if (standing.state === TaskState.WORKING && attempt !== undefined) {
    return nearest(attempt.leaseMs, attemptEndMs(terms, attempt.claimMs), untilMs);
  }
  return nearest(startByMs(terms, standing), untilMs);
}

/** When it has to be claimed; undefined for no limit, or while it is not ready. */
export function startByMs({ queueWaitMs }: Terms, standing: Standing): number | undefined {
  const { state, readyMs } = standing;
  if (state !== TaskState.SUBMITTED || queueWaitMs === 0) return undefined;
  return readyMs === undefined ? undefined : readyMs + queueWaitMs;
}

/** When an attempt has to be over; undefined for no limit. */
export function attemptEndMs({ attemptMs }: Terms, claimMs: number): number | undefined {
  return attemptMs === 0 ? undefined : claimMs + attemptMs;
}

/** The end over all attempts: the deadline, or what submitting allows. */
export function untilMsOf(
  deadlineMs: number | undefined,
  closeMs: number,
  fromMs: number,
): number | undefined {
  return nearest(deadlineMs, closeMs === 0 ? undefined : fromMs + closeMs);
}

/** The earliest of them; undefined when none is set. */
export function nearest(...times: (number | undefined)[]): number | undefined {
  const set = times.filter((time) => time !== undefined);
  return set.length === 0 ? undefined : Math.min(...set);
}

/** Whether this time is set and has come. */
export function hasCome(ms: number | undefined, nowMs: number): boolean {
  return ms !== undefined && ms <= nowMs;
}
