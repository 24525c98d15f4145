import { create } from "@bufbuild/protobuf";
import type { Duration, Timestamp } from "@bufbuild/protobuf/wkt";
import { durationFromMs, durationMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { QueueSettings } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import type { RetryPolicy, TaskSpec, Timeouts } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  BudgetSchema,
  RetryPolicySchema,
  TaskSpecSchema,
  TimeoutsSchema,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Fault } from "../fault.ts";
import { utcText } from "../time.ts";
import {
  attemptMs,
  attemptsDefault,
  backoffDefault,
  firstRetryMs,
  heartbeatMs,
  heartbeatMsMax,
  heartbeatMsMin,
  hopLimitDefault,
  priorityDefault,
  retryIntervalMs,
  spanMsMax,
} from "./limits.ts";
import { demandSpecNames } from "./named.ts";

/** What a queue gives to tasks that say nothing. */
export type Defaults = Partial<Pick<QueueSettings, "timeouts" | "retry">>;

/**
 * What was asked for, with every default filled in.
 *
 * @throws Fault TASK_SPEC_INVALID for what no task can have; TASK_DEADLINE_PASSED when it is too
 * late already; INVALID_REQUEST for names that no table holds.
 */
export function completeSpec(spec: TaskSpec, queue: Defaults | undefined, nowMs: number): TaskSpec {
  demandSpecNames(spec);
  const timeouts = timeoutsOf(spec.timeouts, queue?.timeouts);
  checkTimes(spec, nowMs);
  checkStart(spec, timeouts, nowMs);
  return create(TaskSpecSchema, {
    ...spec,
    priority: spec.priority || priorityDefault,
    timeouts,
    retry: retryOf(spec.retry, queue?.retry),
    budget: spec.budget && create(BudgetSchema, { ...spec.budget, spent: 0n }),
    hopLimit: spec.hopLimit ?? hopLimitDefault,
  });
}

/** Milliseconds of a span; 0 for none. */
export function spanMs(span: Duration | undefined): number {
  return span === undefined ? 0 : durationMs(span);
}

/** Milliseconds since 1970; undefined for none. */
export function instantMs(instant: Timestamp | undefined): number | undefined {
  return instant && timestampMs(instant);
}

function checkTimes({ startTime, deadline }: TaskSpec, nowMs: number): void {
  const [startMs, deadlineMs] = [instantMs(startTime), instantMs(deadline)];
  if (startMs !== undefined && startMs > nowMs + spanMsMax) {
    throw invalid("start_time is more than 366 days away");
  }
  if (deadlineMs === undefined) return;
  if (deadlineMs > nowMs + spanMsMax) throw invalid("deadline is more than 366 days away");
  if (deadlineMs <= nowMs) {
    throw new Fault(Reason.TASK_DEADLINE_PASSED, { task: "the task", time: utcText(deadlineMs) });
  }
  if (startMs !== undefined && startMs >= deadlineMs) {
    throw invalid("start_time is not before the deadline");
  }
}

/** What may only start when it is too late already would wait for nothing. */
function checkStart({ startTime }: TaskSpec, { scheduleToClose }: Timeouts, nowMs: number): void {
  const [startMs, withinMs] = [instantMs(startTime), spanMs(scheduleToClose)];
  if (startMs !== undefined && withinMs > 0 && startMs >= nowMs + withinMs) {
    throw invalid("start_time is not before timeouts.schedule_to_close is over");
  }
}

function timeoutsOf(own: Timeouts | undefined, queue: Timeouts | undefined): Timeouts {
  const heartbeat = chosen("heartbeat", own?.heartbeat, queue?.heartbeat, heartbeatMs);
  if (heartbeat < heartbeatMsMin || heartbeat > heartbeatMsMax) {
    throw invalid("timeouts.heartbeat is from 1 s to 1 h");
  }
  const of = (name: keyof typeof names, otherwise: number) =>
    spanOf(chosen(names[name], own?.[name], queue?.[name], otherwise));
  return create(TimeoutsSchema, {
    scheduleToStart: of("scheduleToStart", 0),
    startToClose: of("startToClose", attemptMs),
    scheduleToClose: of("scheduleToClose", 0),
    heartbeat: durationFromMs(heartbeat),
  });
}

const names = {
  scheduleToStart: "schedule_to_start",
  startToClose: "start_to_close",
  scheduleToClose: "schedule_to_close",
} as const;

function chosen(
  name: string,
  own: Duration | undefined,
  queue: Duration | undefined,
  otherwise: number,
): number {
  const ms = spanMs(own) || spanMs(queue) || otherwise;
  if (ms < 0 || ms > spanMsMax) throw invalid(`${name} is from 0 to 366 days`);
  return ms;
}

function spanOf(ms: number): Duration | undefined {
  return ms === 0 ? undefined : durationFromMs(ms);
}

/** The queue's policy counts as a whole, where the task has none at all. */
function retryOf(own: RetryPolicy | undefined, queue: RetryPolicy | undefined): RetryPolicy {
  const said = own ?? queue;
  const first = chosen("retry.initial_interval", said?.initialInterval, undefined, firstRetryMs);
  const most = Math.max(first, retryIntervalMs);
  const last = chosen("retry.maximum_interval", said?.maximumInterval, undefined, most);
  if (last < first) throw invalid("retry.maximum_interval is shorter than initial_interval");
  const coefficient = said?.backoffCoefficient || backoffDefault;
  if (coefficient < 1) throw invalid("retry.backoff_coefficient is at least 1");
  return create(RetryPolicySchema, {
    maximumAttempts: said?.maximumAttempts || attemptsDefault,
    initialInterval: durationFromMs(first),
    backoffCoefficient: coefficient,
    maximumInterval: durationFromMs(last),
    nonRetryableReasons: said?.nonRetryableReasons ?? [],
  });
}

function invalid(detail: string): Fault {
  return new Fault(Reason.TASK_SPEC_INVALID, { detail });
}
