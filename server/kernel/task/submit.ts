import { TaskState, type TaskSpec } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { untilMsOf } from "./due.ts";
import { instantMs, spanMs } from "./spec.ts";
import type { Live, Moved, Standing, Terms } from "./standing.ts";

/** A task as it is submitted: by whom, and how many others it still waits for. */
export interface Submission {
  readonly id: string;
  /** With every default filled in. */
  readonly spec: TaskSpec;
  readonly submitter: string;
  readonly blockers: number;
}

/** How a task stands that was just submitted; one that is ready needs a turn. */
export function submitted(submission: Submission, nowMs: number): Live {
  const { id, spec, submitter, blockers } = submission;
  const startMs = instantMs(spec.startTime);
  const state = stateAt(startMs, blockers, nowMs);
  const terms = termsOf(spec, { submitter, createMs: nowMs, firstState: state });
  const closeMs = spanMs(spec.timeouts?.scheduleToClose);
  const standing: Standing = {
    state,
    revision: 1,
    turn: 0,
    attempts: 0,
    returns: 0,
    fence: 0,
    blockers,
    told: 0,
    untilMs: untilMsOf(instantMs(spec.deadline), closeMs, nowMs),
    readyMs: state === TaskState.SUBMITTED ? nowMs : undefined,
    dueMs: state === TaskState.SCHEDULED ? startMs : undefined,
    attempt: undefined,
    progress: undefined,
    spent: 0,
    cancellation: undefined,
    endMs: undefined,
    failure: undefined,
    result: undefined,
  };
  return { id, terms, standing };
}

/** What of a spec the rules read. */
export function termsOf(
  spec: TaskSpec,
  given: Pick<Terms, "submitter" | "createMs" | "firstState">,
): Terms {
  const { timeouts, retry, budget, startTime } = spec;
  return {
    ...given,
    startMs: instantMs(startTime),
    queueWaitMs: spanMs(timeouts?.scheduleToStart),
    attemptMs: spanMs(timeouts?.startToClose),
    heartbeatMs: spanMs(timeouts?.heartbeat),
    retry,
    budgetLimit: budget && Number(budget.limit),
  };
}

/** One of those it waits for was completed. */
export function unblocked({ terms, standing }: Live, nowMs: number): Moved {
  const blockers = standing.blockers - 1;
  const revision = standing.revision + 1;
  if (blockers > 0) return { next: { ...standing, blockers, revision }, steps: [] };
  const state = stateAt(terms.startMs, 0, nowMs);
  const next = {
    ...standing,
    state,
    blockers,
    revision,
    readyMs: state === TaskState.SUBMITTED ? nowMs : undefined,
    dueMs: state === TaskState.SCHEDULED ? terms.startMs : undefined,
  };
  return { next, steps: [] };
}

function stateAt(startMs: number | undefined, blockers: number, nowMs: number): TaskState {
  if (blockers > 0) return TaskState.BLOCKED;
  return startMs !== undefined && startMs > nowMs ? TaskState.SCHEDULED : TaskState.SUBMITTED;
}
