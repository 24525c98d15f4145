import { timestampMs } from "@bufbuild/protobuf/wkt";
import { TaskState, type Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { failureText } from "@foedus/kernel/task/steps.ts";
import { counted } from "../words/plural.ts";
import { agoText, spanText } from "../words/span.ts";
import type { NodeNames } from "./names.ts";
import { progressText } from "./words.ts";

/** How a task stands, in some words behind the one of its state. */
export function standingText(task: Task, names: NodeNames, nowMs: number): string {
  if (task.state === TaskState.SUBMITTED) return `in ${task.spec?.queue ?? ""}`;
  if (task.state === TaskState.SCHEDULED) return delayedText(task, nowMs);
  if (task.state === TaskState.BLOCKED) return `waits for ${othersText(task)}`;
  if (task.state === TaskState.WORKING) return heldText(task, names, nowMs);
  return endedText(task, names);
}

/** The nodes that the words will name. */
export function nodesIn(tasks: readonly Task[]): string[] {
  return tasks.flatMap(({ attempt, submitter, cancellation, spec }) => [
    attempt?.nodeId ?? "",
    submitter,
    cancellation?.caller ?? "",
    spec?.needs?.nodeId ?? "",
  ]);
}

/** Nobody needs to read of less. */
const momentMs = 2_000;

function delayedText({ nextAttemptTime, attempt }: Task, nowMs: number): string {
  const dueMs = nextAttemptTime === undefined ? undefined : timestampMs(nextAttemptTime);
  const isNear = dueMs !== undefined && dueMs - nowMs < momentMs;
  const due = dueMs === undefined ? "later" : isNear ? "in a moment" : agoText(dueMs, nowMs);
  const failed = attempt?.failure;
  if (failed === undefined) return `begins ${due}`;
  return `tries again ${due}, after attempt ${attempt?.number} failed: ${failureText(failed)}`;
}

const namedMax = 3;

function othersText({ waitsFor }: Task): string {
  const more = waitsFor.length - namedMax;
  const named = waitsFor.slice(0, namedMax).join(", ");
  if (waitsFor.length === 0) return "other tasks";
  return more > 0 ? `${named} and ${counted(more, "other")}` : named;
}

function heldText({ attempt, cancellation }: Task, names: NodeNames, nowMs: number): string {
  if (attempt === undefined) return "held";
  const { number, worker, nodeId } = attempt;
  const progress = progressText(attempt.progress);
  const saidMs = attempt.progress?.time && timestampMs(attempt.progress.time);
  const isOld = saidMs !== undefined && nowMs - saidMs >= momentMs;
  const age = isOld ? ` (${agoText(saidMs, nowMs)})` : "";
  const said = progress === "" ? "" : `: ${progress}${age}`;
  const stop = cancellation === undefined ? "" : "; told to stop";
  return `attempt ${number}, by ${worker} of ${names.nameOf(nodeId)}${said}${stop}`;
}

function endedText(task: Task, names: NodeNames): string {
  const { state, attempt, cancellation, failure, createTime, endTime } = task;
  const tookMs =
    createTime === undefined || endTime === undefined
      ? undefined
      : timestampMs(endTime) - timestampMs(createTime);
  const took = tookMs === undefined ? "" : `, ${spanText(tookMs)} after it was submitted`;
  if (state === TaskState.COMPLETED) {
    const { worker = "", nodeId = "" } = attempt ?? {};
    return `by ${worker} of ${names.nameOf(nodeId)}${took}`;
  }
  if (state === TaskState.FAILED) {
    const tried = attempt === undefined ? "" : ` (${counted(attempt.number, "attempt")})`;
    return `${failureText(failure)}${tried}`;
  }
  if (cancellation === undefined) return failureText(failure);
  const why = cancellation.reason === "" ? "" : `: ${cancellation.reason}`;
  return `by ${names.callerOf(cancellation.caller)}${why}`;
}
