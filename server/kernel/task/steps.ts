import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Failure } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { TaskStep } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { TaskStepSchema } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { isOfHub } from "./failure.ts";
import type { Attempted, Live, Standing, Terms } from "./standing.ts";

/** Who does what nobody asked for. */
export const hubCaller = "hub";

/** Open steps before this one were stored: a task that was never stored of has told 0. */
export const told = { submitted: 1, ready: 2, claimed: 3, ended: 4 } as const;

/**
 * The steps that a task's row says by itself: submitted, ready, claimed, ended. None of them is
 * stored as long as the row says it, so a task that goes well costs no more rows than its own; what
 * is overwritten is stored first.
 */
export function openSteps({ terms, standing }: Live): TaskStep[] {
  const slots = [submitted(terms), ready(terms, standing), claimed(standing), ended(standing)];
  return slots.slice(standing.told).filter((step) => step !== undefined);
}

/** A step, by its parts. */
export function stepOf(
  ms: number,
  state: TaskState,
  caller: string,
  said: { readonly attempt?: number; readonly message: string; readonly failure?: Failure },
): TaskStep {
  return create(TaskStepSchema, { time: timestampFromMs(ms), state, caller, ...said });
}

/** The attempt that has not been let go of, or with which the task ended. */
export function attemptNow({ attempt, fence }: Standing): Attempted | undefined {
  return attempt?.fence === fence ? attempt : undefined;
}

function submitted({ createMs, firstState, submitter }: Terms): TaskStep {
  return stepOf(createMs, firstState, submitter, { message: "submitted" });
}

function ready({ firstState }: Terms, { readyMs, told }: Standing): TaskStep | undefined {
  const isSaid = told === 0 && firstState === TaskState.SUBMITTED;
  if (readyMs === undefined || isSaid) return undefined;
  return stepOf(readyMs, TaskState.SUBMITTED, hubCaller, { message: "ready" });
}

function claimed(standing: Standing): TaskStep | undefined {
  const attempt = attemptNow(standing);
  if (attempt === undefined) return undefined;
  const message = `claimed by ${workerText(attempt.worker)}`;
  const said = { attempt: standing.attempts, message };
  return stepOf(attempt.claimMs, TaskState.WORKING, attempt.nodeId, said);
}

function ended(standing: Standing): TaskStep | undefined {
  const { endMs, state, failure, cancellation } = standing;
  if (endMs === undefined) return undefined;
  const attempt = attemptNow(standing);
  const said = { attempt: attempt === undefined ? 0 : standing.attempts, failure };
  if (state === TaskState.COMPLETED) {
    return stepOf(endMs, state, attempt?.nodeId ?? hubCaller, { ...said, message: "completed" });
  }
  if (state === TaskState.CANCELED && failure === undefined) {
    const message = `called off: ${cancellation?.reason ?? ""}`;
    return stepOf(endMs, state, cancellation?.caller ?? hubCaller, { ...said, message });
  }
  const caller = failure !== undefined && isOfHub(failure) ? hubCaller : attempt?.nodeId;
  return stepOf(endMs, state, caller ?? hubCaller, { ...said, message: failureText(failure) });
}

/** "RATE_LIMITED: try later". */
export function failureText(failure: Failure | undefined): string {
  if (failure === undefined) return "failed";
  return failure.message === "" ? failure.reason : `${failure.reason}: ${failure.message}`;
}

/** A worker by its name, of which many begin with what it is. */
export function workerText(name: string): string {
  return name.startsWith("worker") ? name : `worker ${name}`;
}
