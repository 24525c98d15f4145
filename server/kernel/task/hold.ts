import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Failure, Payload, Progress } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { returnsMax, spentMax } from "./limits.ts";
import { failedState } from "./relay.ts";
import { intervalMs, nextAttemptMs } from "./retry.ts";
import type { Attempted, Holder, Live, Moved, Standing } from "./standing.ts";
import { attemptNow, failureText, hubCaller, openSteps, stepOf, told } from "./steps.ts";
import { isOfHub } from "./failure.ts";
import { utcText } from "../time.ts";

/** A worker's word about a task, with the right it claims. */
export interface Said {
  readonly fence: number;
  /** Proved by the transport. */
  readonly nodeId: string;
  /** What the attempt has cost so far. */
  readonly spent: number;
  readonly word:
    | { readonly case: "beat"; readonly progress: Progress | undefined }
    | { readonly case: "result"; readonly result: Payload }
    | { readonly case: "failure"; readonly failure: Failure }
    | { readonly case: "returned" };
}

/** A worker takes a ready task: the next fence, a lease by the database's clock. */
export function claimed({ terms, standing }: Live, holder: Holder, nowMs: number): Moved {
  const fence = standing.fence + 1;
  const lease = { claimMs: nowMs, leaseMs: nowMs + terms.heartbeatMs };
  const { nodeId, worker, claimId } = holder;
  const open = { endMs: undefined, failure: undefined };
  const attempt: Attempted = { nodeId, worker, claimId, fence, ...lease, ...open };
  const next = {
    ...standing,
    state: TaskState.WORKING,
    attempts: standing.attempts + 1,
    revision: standing.revision + 1,
    fence,
    attempt,
    progress: undefined,
  };
  return { next, steps: [] };
}

/**
 * What a word is worth: whoever holds the task by its newest fence is heard, also after the lease
 * lapsed, as long as the hub has not taken the task back; and the same word twice is one.
 */
export function verdictOf({ state, attempt }: Standing, said: Said): Verdict {
  if (attempt === undefined || said.fence > attempt.fence) return Verdict.UNKNOWN;
  if (said.fence < attempt.fence) return Verdict.LOST;
  if (said.nodeId !== attempt.nodeId) return Verdict.UNKNOWN;
  if (state === TaskState.WORKING) return Verdict.TAKEN;
  return wasSaid(state, attempt, said) ? Verdict.REPEATED : Verdict.LOST;
}

function wasSaid(state: TaskState, { failure }: Attempted, { word }: Said): boolean {
  if (word.case === "result") return state === TaskState.COMPLETED;
  if (word.case === "failure") return failure !== undefined && !isOfHub(failure);
  return word.case === "returned" && failure === undefined && state !== TaskState.COMPLETED;
}

/** A word that is taken: only after `verdictOf` said so. */
export function heard(task: Live, said: Said, nowMs: number): Moved {
  const { standing } = task;
  const { word, spent } = said;
  if (word.case === "beat") return renewed(task, word.progress, nowMs);
  const paid = { ...standing, spent: plusSpent(standing, spent) };
  if (word.case === "result") return completed(paid, word.result, nowMs);
  if (word.case === "failure") return failed({ ...task, standing: paid }, word.failure, nowMs);
  return returned({ ...task, standing: paid }, nowMs);
}

/** What the attempt under way has cost, as far as its worker said. */
export function spentSoFar({ progress }: Standing): number {
  return Number(progress?.spent ?? 0n);
}

/**
 * What a task has spent with its attempt under way, which said so much now or more before: never
 * over the limit, however much workers say.
 */
export function plusSpent(standing: Standing, said = 0): number {
  return Math.min(standing.spent + Math.max(said, spentSoFar(standing)), spentMax);
}

/** The lease runs anew. */
function renewed({ terms, standing }: Live, progress: Progress | undefined, nowMs: number): Moved {
  const { attempt } = standing;
  if (attempt === undefined) return { next: standing, steps: [] };
  const next = {
    ...standing,
    revision: standing.revision + (progress === undefined ? 0 : 1),
    progress: progress === undefined ? standing.progress : saidAt(progress, nowMs),
    attempt: { ...attempt, leaseMs: nowMs + terms.heartbeatMs },
  };
  return { next, steps: [] };
}

/** A word about progress, with the time at which the hub heard it. */
export function saidAt(progress: Progress, nowMs: number): Progress {
  return { ...progress, time: timestampFromMs(nowMs) };
}

function completed(standing: Standing, result: Payload, nowMs: number): Moved {
  const { attempt } = standing;
  const next = {
    ...standing,
    state: TaskState.COMPLETED,
    revision: standing.revision + 1,
    endMs: nowMs,
    result,
    attempt: attempt && { ...attempt, endMs: nowMs },
  };
  return { next, steps: [] };
}

/**
 * An attempt failed: another one later, or the dead letters. Who was called off is not tried again.
 * A lapsed one keeps its turn, as it was not the task's fault.
 */
export function failed(task: Live, failure: Failure, nowMs: number): Moved {
  const { terms, standing } = task;
  const { attempts, untilMs, cancellation } = standing;
  const attempt = standing.attempt && { ...standing.attempt, endMs: nowMs, failure };
  const over = { ...standing, attempt, revision: standing.revision + 1 };
  if (cancellation !== undefined) {
    return { next: { ...over, state: TaskState.CANCELED, endMs: nowMs }, steps: [] };
  }
  const dueMs = nextAttemptMs(terms.retry, { attempts, failure, untilMs, nowMs });
  if (dueMs === undefined) {
    return { next: { ...over, state: failedState(terms), endMs: nowMs, failure }, steps: [] };
  }
  const next = {
    ...over,
    state: TaskState.SCHEDULED,
    fence: standing.fence + 1,
    returns: 0,
    turn: isOfHub(failure) ? standing.turn : 0,
    told: told.submitted,
    readyMs: undefined,
    dueMs,
  };
  const caller = isOfHub(failure) ? hubCaller : (attempt?.nodeId ?? hubCaller);
  const message = `${failureText(failure)}; tried again at ${utcText(dueMs)}`;
  const said = { attempt: attempts, message, failure };
  return {
    next,
    steps: [...openSteps(task), stepOf(nowMs, TaskState.SCHEDULED, caller, said)],
  };
}

/**
 * Given back undone: the attempt does not count, and it is ready again at once with its turn. What
 * is given back again and again would be at the head of its line for ever: it waits for longer and
 * longer then, and takes a new turn, behind those that waited for it.
 */
function returned(task: Live, nowMs: number): Moved {
  const { standing } = task;
  const attempt = standing.attempt && { ...standing.attempt, endMs: nowMs };
  const over = { ...standing, attempt, revision: standing.revision + 1 };
  if (standing.cancellation !== undefined) {
    return { next: { ...over, state: TaskState.CANCELED, endMs: nowMs }, steps: [] };
  }
  const returns = standing.returns + 1;
  const gone = { ...over, attempts: standing.attempts - 1, returns, fence: standing.fence + 1 };
  const waitMs = returns > returnsMax ? intervalMs(undefined, returns - returnsMax) : 0;
  const again = waitMs === 0 ? readyAgain(nowMs) : waiting(nowMs + waitMs);
  const often = `given back undone for the ${returns}th time in a row`;
  const message =
    again.dueMs === undefined ? "given back undone" : `${often}; ready at ${utcText(again.dueMs)}`;
  const caller = attemptNow(standing)?.nodeId ?? hubCaller;
  const step = stepOf(nowMs, again.state, caller, { attempt: standing.attempts, message });
  return { next: { ...gone, ...again }, steps: [...openSteps(task), step] };
}

function readyAgain(nowMs: number) {
  return { state: TaskState.SUBMITTED, told: told.ready, readyMs: nowMs, dueMs: undefined };
}

/** Until its time it is nobody's; then it takes a new turn. */
function waiting(dueMs: number) {
  const state = TaskState.SCHEDULED;
  return { state, turn: 0, told: told.submitted, readyMs: undefined, dueMs };
}
