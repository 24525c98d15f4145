import { create } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  BudgetSchema,
  FailureSchema,
  NeedsSchema,
  RetryPolicySchema,
  TaskSpecSchema,
  TaskState,
  TimeoutsSchema,
  type Attempt,
  type Budget,
  type Failure,
  type Task,
  type TaskSpec,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Fault, reasonName } from "../fault.ts";
import { attemptEndMs, nearest } from "./due.ts";
import type { Said } from "./hold.ts";
import { hopLimitDefault } from "./limits.ts";
import type { Live, Terms } from "./standing.ts";

/** No caller's id begins like this. */
const above = "parent/";
/** How long a task of the parent may wait here: then it goes back, and waits there. */
export const startMs = 10_000;
/** A label says of a task at the parent which hub it comes from; a task has this many at most. */
const labelsMax = 16;
/** The label by which a hub finds what it handed up. */
export const fromLabel = "handed-up-by";

/** The worker that the parent is to those here. */
export const parentWorker = "parent";

/** No other task at the parent has a unique key that begins like this. */
const handedMark = "up ";

/** The name that a hold of this hub has at the parent: handed up again, it is the same task. */
export function handedName({ id, fence }: { readonly id: string; readonly fence: number }): string {
  return `${handedMark}${id} ${fence}`;
}

/** Whether a task at the parent was handed up. */
export function isHanded({ uniqueKey = "" }: Partial<Pick<TaskSpec, "uniqueKey">>): boolean {
  return uniqueKey.startsWith(handedMark);
}

/** Whether the parent has an attempt: its holder is a hub, for nodes may call a worker so, too. */
export function isHandedUp({ worker, nodeId }: Pick<Attempt, "worker" | "nodeId">): boolean {
  return worker === parentWorker && nodeId.startsWith("hub_");
}

/** In whose name a task of the parent is submitted here: nobody here may try it again. */
export function submitterAbove(upperId: string): string {
  return `${above}${upperId}`;
}

/** Whether a task is the parent's. */
export function isFromAbove({ submitter }: Pick<Terms, "submitter">): boolean {
  return submitter.startsWith(above);
}

/** The parent's id of a task of its own; undefined for a task of this hub. */
export function upperOf({ submitter }: Pick<Terms, "submitter">): string | undefined {
  return isFromAbove({ submitter }) ? submitter.slice(above.length) : undefined;
}

/** How a task ends that fails for good: the parent's lies with its own dead letters, not here. */
export function failedState(terms: Pick<Terms, "submitter">): TaskState {
  return isFromAbove(terms) ? TaskState.CANCELED : TaskState.FAILED;
}

/**
 * A task of the parent as it is done here: once, for the parent says whether it is tried again, and
 * within what is left of its time and budget.
 *
 * @throws Fault TASK_HOP_LIMIT, TASK_BUDGET_EXCEEDED.
 */
export function specBelow(upper: Task, leftMs: number | undefined, nowMs: number): TaskSpec {
  const spec = upper.spec ?? create(TaskSpecSchema);
  const { needs, timeouts } = spec;
  const { heartbeat, startToClose } = timeouts ?? {};
  return create(TaskSpecSchema, {
    ...carried(upper.id, spec, Number(spec.budget?.spent ?? 0n)),
    labels: spec.labels,
    needs: needs && create(NeedsSchema, { ...needs, nodeId: "" }),
    timeouts: create(TimeoutsSchema, {
      heartbeat,
      startToClose,
      scheduleToStart: durationFromMs(startMs),
    }),
    retry: create(RetryPolicySchema, { maximumAttempts: 1 }),
    deadline: leftMs === undefined ? undefined : timestampFromMs(nowMs + leftMs),
  });
}

/**
 * A task of this hub as it is handed up: what is left of its time is a span, as clocks differ.
 *
 * @throws Fault TASK_HOP_LIMIT, TASK_BUDGET_EXCEEDED.
 */
export function specAbove(
  { id, terms, standing }: Live,
  spec: TaskSpec,
  hub: string,
  nowMs: number,
): TaskSpec {
  const { heartbeat, startToClose } = spec.timeouts ?? {};
  const endMs = standing.attempt && attemptEndMs(terms, standing.attempt.claimMs);
  const untilMs = nearest(endMs, standing.untilMs);
  const leftMs = untilMs === undefined ? undefined : Math.max(1, untilMs - nowMs);
  const scheduleToClose = leftMs === undefined ? undefined : durationFromMs(leftMs);
  const labels = Object.entries(spec.labels).slice(0, labelsMax - 1);
  return create(TaskSpecSchema, {
    ...carried(id, spec, standing.spent),
    uniqueKey: handedName({ id, fence: standing.attempt?.fence ?? 0 }),
    labels: { ...Object.fromEntries(labels), [fromLabel]: hub },
    needs: spec.needs,
    timeouts: create(TimeoutsSchema, { heartbeat, startToClose, scheduleToClose }),
    retry: spec.retry,
  });
}

/** What goes along from hub to hub. */
function carried(id: string, spec: TaskSpec, spent: number) {
  const hops = spec.hopLimit ?? hopLimitDefault;
  if (hops === 0) throw new Fault(Reason.TASK_HOP_LIMIT, { task: id });
  const { queue, kind, payload, priority, fairnessKey, budget } = spec;
  const left = budget && budgetLeft(id, budget, spent);
  return { queue, kind, payload, priority, fairnessKey, budget: left, hopLimit: hops - 1 };
}

function budgetLeft(id: string, { unit, limit }: Budget, spent: number): Budget {
  const left = Number(limit) - spent;
  if (left > 0) return create(BudgetSchema, { unit, limit: BigInt(left) });
  const detail = "nothing is left for another hub";
  throw new Fault(Reason.TASK_BUDGET_EXCEEDED, { task: id, left: 0, unit, detail });
}

/** Why an attempt ends that somebody called off. */
const canceled = "CANCELED";
/** Why a task of the parent goes back that nobody here can do any more. */
const nobody = "NO_WORKER";

/** Nobody here can do a task of the parent any more. */
export function noWorker(): Failure {
  return create(FailureSchema, { reason: nobody, message: "no worker here can do it any more" });
}

/** What the parent hears of a task of its own that is over here. */
export function wordAbove({ standing }: Pick<Live, "standing">): Said["word"] {
  const { state, result, failure, attempts, cancellation } = standing;
  if (state === TaskState.COMPLETED && result !== undefined) return { case: "result", result };
  const isUndone = failure?.reason === reasonName(Reason.TASK_TIMED_OUT) && attempts === 0;
  if (isUndone || failure?.reason === nobody) return { case: "returned" };
  return { case: "failure", failure: failure ?? calledOff(cancellation?.reason) };
}

/** What is reported here of a task that the parent did, or gave up. */
export function wordBelow({ state, result, cancellation, failure }: Task): Said["word"] {
  if (state === TaskState.COMPLETED && result !== undefined) return { case: "result", result };
  const last = failure ?? calledOff(cancellation?.reason);
  // The parent has tried it as often as it may be tried.
  return { case: "failure", failure: create(FailureSchema, { ...last, isFinal: true }) };
}

/** An attempt that somebody called off. */
export function calledOff(reason = ""): Failure {
  return create(FailureSchema, { reason: canceled, message: `called off: ${reason}` });
}

/** A fault as the failure of an attempt; undefined for one that says nothing about the task. */
export function failureOf({ reason, message }: Pick<Fault, "reason" | "message">) {
  if (!ofTask.has(reason)) return undefined;
  return create(FailureSchema, { reason: reasonName(reason), message });
}

const ofTask: ReadonlySet<Reason> = new Set([
  Reason.TASK_HOP_LIMIT,
  Reason.TASK_BUDGET_EXCEEDED,
  Reason.TASK_SPEC_INVALID,
  Reason.TASK_DEADLINE_PASSED,
]);
