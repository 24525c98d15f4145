import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Schedule } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { readCron } from "./cron.ts";
import { nextMs, nextTimes, timesFrom } from "./cron.next.ts";
import { Fault } from "../fault.ts";
import { catchUpMsMax } from "./limits.ts";
import { spanMs } from "./spec.ts";
import { zoneOf } from "./zone.ts";

/** A turn that was missed by no more than this is made up for, if a schedule says nothing. */
const catchUpDefaultMs = 5 * 60_000;

/** The fields that say when. */
type Times = Pick<Schedule, "cron" | "timeZone" | "catchUp" | "skipIfRunning">;

/** What a schedule does when its time has come. */
export interface Due {
  /** Whether it submits now. */
  readonly submits: boolean;
  /** How many of its turns come to nothing: too late, or while its last task goes on. */
  readonly skipped: number;
  /** Why, for people; empty when nothing was skipped. */
  readonly problem: string;
  readonly nextMs: number;
}

/**
 * Its next time.
 *
 * @throws Fault TASK_CRON_INVALID, TASK_CRON_NEVER, TASK_ZONE_UNKNOWN.
 */
export function nextTimeMs({ cron, timeZone }: Times, afterMs: number): number {
  return nextMs(readCron(cron), zoneOf(timeZone), afterMs);
}

/**
 * Its next times, for people who make one.
 *
 * @throws Fault as `nextTimeMs` does; TASK_SPEC_INVALID for a span to catch up that is none.
 */
export function timesAfter(times: Times, afterMs: number, count: number): number[] {
  const { cron, timeZone, catchUp } = times;
  const catchUpMs = spanMs(catchUp);
  if (catchUpMs < 0 || catchUpMs > catchUpMsMax) {
    throw new Fault(Reason.TASK_SPEC_INVALID, { detail: "catch_up is from 0 to 7 days" });
  }
  return nextTimes(readCron(cron), zoneOf(timeZone), afterMs, count);
}

/**
 * What to do about a time that has come. Of several that were missed the last one counts, if it is
 * not too late.
 */
export function dueOf(schedule: Times, dueMs: number, nowMs: number, isRunning: boolean): Due {
  const [cron, zone] = [readCron(schedule.cron), zoneOf(schedule.timeZone)];
  const catchUpMs = spanMs(schedule.catchUp) || catchUpDefaultMs;
  // What is too late for sure need not be counted one by one.
  const from = Math.max(dueMs, nowMs - catchUpMs);
  let last = dueMs;
  let missed = 0;
  let next = nowMs;
  if (from > dueMs) missed += 1;
  for (next of timesFrom(cron, zone, from - 1)) {
    if (next > nowMs) break;
    missed += Number(next > dueMs);
    last = next;
  }
  if (nowMs - last > catchUpMs) {
    return { submits: false, skipped: Math.max(1, missed), problem: "too late", nextMs: next };
  }
  if (isRunning && schedule.skipIfRunning) {
    const problem = "its last task has not ended";
    return { submits: false, skipped: missed + 1, problem, nextMs: next };
  }
  const problem = missed === 0 ? "" : `${missed} missed`;
  return { submits: true, skipped: missed, problem, nextMs: next };
}
