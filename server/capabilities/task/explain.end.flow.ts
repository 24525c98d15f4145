import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { TaskStep } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { spanWords } from "@foedus/kernel/task/span.ts";
import { failureText, workerText } from "@foedus/kernel/task/steps.ts";
import type { Stored } from "./row.store.ts";

/** What became of a task, by its failures, the oldest first; undefined for one that goes on. */
export function endText(stored: Stored, failures: readonly TaskStep[]): string | undefined {
  const { state } = stored.live.standing;
  if (state === TaskState.COMPLETED) return doneText(stored);
  if (state === TaskState.CANCELED) return calledOffText(stored);
  return state === TaskState.FAILED ? failedText(stored, failures) : undefined;
}

function doneText({ live }: Stored): string {
  const { attempt, attempts, endMs } = live.standing;
  if (attempt === undefined || endMs === undefined) return "It is done.";
  const took = spanWords(endMs - attempt.claimMs);
  const tries = attempts > 1 ? `, in attempt ${attempts}` : "";
  return `It is done: ${workerText(attempt.worker)} on ${attempt.nodeId} took ${took}${tries}.`;
}

function calledOffText({ live }: Stored): string {
  const { failure, cancellation } = live.standing;
  if (failure !== undefined) {
    return `It was called off: ${sentence(failureText(failure))} See to that one, and submit this one again.`;
  }
  const by = cancellation?.caller ? ` by ${cancellation.caller}` : "";
  return `It was called off${by}${cancellation?.reason ? `: ${sentence(cancellation.reason)}` : "."}`;
}

/** Failures that are spelled out. */
const failuresMax = 5;

function failedText({ live }: Stored, failures: readonly TaskStep[]): string {
  const { failure, attempts } = live.standing;
  if (failures.length < 2) return `It failed: ${sentence(failureText(failure))}`;
  const told = failures.slice(-failuresMax).map((step) => {
    const which = step.attempt === 0 ? "then" : `attempt ${step.attempt}`;
    return `${which}: ${failureText(step.failure)}`;
  });
  const seen = failures.filter(({ attempt }) => attempt > 0).length;
  // Of a long story only the end was read.
  const count = Math.max(seen, attempts);
  const times = count === 1 ? "1 attempt" : `${count} attempts`;
  const last = failures.length > told.length ? `, of which the last ${told.length}` : "";
  return `It failed after ${times}${last}: ${sentence(told.join("; "))}`;
}

/** A sentence ends once. */
export function sentence(text: string): string {
  return /[.!?]$/u.test(text) ? text : `${text}.`;
}
