import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Failure } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { utcText } from "../time.ts";
import { attemptEndMs, hasCome, startByMs } from "./due.ts";
import { hubFailure } from "./failure.ts";
import { failed, plusSpent } from "./hold.ts";
import { failedState } from "./relay.ts";
import type { Live, Moved, Standing } from "./standing.ts";

/**
 * What becomes of a task when its time has come: it is over, it is ready, or its hold lapsed.
 * Undefined when nothing is due.
 */
export function woken(task: Live, nowMs: number): Moved | undefined {
  const { id, standing } = task;
  const { untilMs } = standing;
  if (untilMs !== undefined && untilMs <= nowMs) {
    const facts = { task: id, time: utcText(untilMs) };
    return over(task, hubFailure(Reason.TASK_DEADLINE_PASSED, facts), nowMs);
  }
  if (standing.state === TaskState.SCHEDULED) return promoted(task, nowMs);
  if (standing.state === TaskState.WORKING) return lapsed(task, nowMs);
  if (!hasCome(startByMs(task.terms, standing), nowMs)) return undefined;
  const detail = "no worker claimed it in time";
  return over(task, hubFailure(Reason.TASK_TIMED_OUT, { task: id, detail }), nowMs);
}

function promoted({ standing }: Live, nowMs: number): Moved | undefined {
  if (!hasCome(standing.dueMs, nowMs)) return undefined;
  const next = {
    ...standing,
    state: TaskState.SUBMITTED,
    revision: standing.revision + 1,
    readyMs: nowMs,
    dueMs: undefined,
  };
  return { next, steps: [] };
}

function lapsed(task: Live, nowMs: number): Moved | undefined {
  const { id, terms, standing } = task;
  const { attempt } = standing;
  if (attempt === undefined) return undefined;
  if (hasCome(attemptEndMs(terms, attempt.claimMs), nowMs)) {
    const detail = `the attempt had ${terms.attemptMs} ms`;
    const late = hubFailure(Reason.TASK_TIMED_OUT, { task: id, detail });
    return failed({ ...task, standing: paid(standing) }, late, nowMs);
  }
  if (!hasCome(attempt.leaseMs, nowMs)) return undefined;
  const lost = hubFailure(Reason.TASK_LEASE_LOST, { task: id });
  return failed({ ...task, standing: paid(standing) }, lost, nowMs);
}

/** Nobody says any more what the attempt has cost: what was said last counts. */
function paid(standing: Standing): Standing {
  return { ...standing, spent: plusSpent(standing) };
}

/** No attempt is of use any more. */
function over({ terms, standing }: Live, failure: Failure, nowMs: number): Moved {
  const isHeld = standing.state === TaskState.WORKING;
  const last = standing.attempt;
  const attempt = last !== undefined && isHeld ? { ...last, endMs: nowMs, failure } : last;
  const isCalledOff = standing.cancellation !== undefined;
  const state = isCalledOff ? TaskState.CANCELED : failedState(terms);
  const end = { state, endMs: nowMs, revision: standing.revision + 1 };
  const why = isCalledOff ? undefined : failure;
  const so = isHeld ? paid(standing) : standing;
  return { next: { ...so, attempt, ...end, failure: why }, steps: [] };
}
