import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Cancellation, TaskSpec } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Fault } from "../fault.ts";
import { utcText } from "../time.ts";
import { hasCome, untilMsOf } from "./due.ts";
import { hubFailure } from "./failure.ts";
import { instantMs, spanMs } from "./spec.ts";
import type { Live, Moved } from "./standing.ts";
import { hasEnded, stateText } from "./standing.ts";
import { hubCaller, openSteps, stepOf, told } from "./steps.ts";

/**
 * Calls a task off: at once if nobody holds it, else its holder is to be told. Called off twice it
 * stays as it is.
 *
 * @throws Fault TASK_ENDED when it is over.
 */
export function canceled(task: Live, cancellation: Cancellation, nowMs: number): Moved {
  const { id, standing } = task;
  const { state } = standing;
  if (hasEnded(standing)) {
    throw new Fault(Reason.TASK_ENDED, { task: id, state: stateText(state) });
  }
  if (standing.cancellation !== undefined) return { next: standing, steps: [] };
  const next = { ...standing, cancellation, revision: standing.revision + 1 };
  if (state !== TaskState.WORKING) {
    return { next: { ...next, state: TaskState.CANCELED, endMs: nowMs }, steps: [] };
  }
  const said = { attempt: standing.attempts, message: `to be called off: ${cancellation.reason}` };
  const step = stepOf(nowMs, state, cancellation.caller, said);
  return { next: { ...next, told: told.claimed }, steps: [...openSteps(task), step] };
}

/** What it waited for did not come about. */
export function abandoned({ id, standing }: Live, other: Live, nowMs: number): Moved {
  const facts = { task: id, other: other.id, state: stateText(other.standing.state) };
  const failure = hubFailure(Reason.TASK_DEPENDENCY_FAILED, facts);
  const end = { state: TaskState.CANCELED, endMs: nowMs, revision: standing.revision + 1 };
  return { next: { ...standing, ...end, failure }, steps: [] };
}

/** What the step says by which a dead letter lives again. */
export const triedAgain = "tried again";

/**
 * Takes a task out of the dead letters: ready, with fresh attempts and the time it had at first.
 *
 * @throws Fault TASK_NOT_FAILED; TASK_DEADLINE_PASSED when nobody needs it any more.
 */
export function retried(task: Live, spec: TaskSpec, caller: string, nowMs: number): Moved {
  const { id, standing } = task;
  if (standing.state !== TaskState.FAILED) {
    throw new Fault(Reason.TASK_NOT_FAILED, { task: id, state: stateText(standing.state) });
  }
  const deadlineMs = instantMs(spec.deadline);
  if (deadlineMs !== undefined && hasCome(deadlineMs, nowMs)) {
    throw new Fault(Reason.TASK_DEADLINE_PASSED, { task: id, time: utcText(deadlineMs) });
  }
  const next = {
    ...standing,
    state: TaskState.SUBMITTED,
    revision: standing.revision + 1,
    turn: 0,
    attempts: 0,
    returns: 0,
    fence: standing.fence + 1,
    blockers: 0,
    told: told.ready,
    untilMs: untilMsOf(deadlineMs, spanMs(spec.timeouts?.scheduleToClose), nowMs),
    readyMs: nowMs,
    dueMs: undefined,
    endMs: undefined,
    failure: undefined,
  };
  const step = stepOf(nowMs, TaskState.SUBMITTED, caller || hubCaller, { message: triedAgain });
  return { next, steps: [...openSteps(task), step] };
}
