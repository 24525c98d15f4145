import { create } from "@bufbuild/protobuf";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { PayloadSchema, TaskState, type Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { Ends } from "./ends.ts";
import { TaskFailed } from "./failed.ts";
import { jsonOf } from "./payload.ts";
import type { AskOptions, TaskEnd, TaskResult } from "./tasks.ts";

/**
 * Waits until a task is done.
 *
 * @throws TaskFailed when it failed for good or was called off; the signal's reason when it aborts.
 */
export async function resultOf(
  ends: Ends,
  taskId: string,
  options: AskOptions = {},
): Promise<TaskResult> {
  const { result, error } = endOf(await ends.of(taskId, options.signal));
  if (result === undefined) throw error;
  return result;
}

/** What a task came to that has ended. */
export function endOf(task: Task): TaskEnd {
  const { id: taskId, state } = task;
  if (state !== TaskState.COMPLETED) return { taskId, task, error: failedOf(task) };
  return { taskId, task, result: completed(task) };
}

function completed(task: Task): TaskResult {
  const payload = task.result ?? create(PayloadSchema);
  return { task, payload, json: () => jsonOf(payload.body) };
}

function failedOf({ id, failure, cancellation }: Task): TaskFailed {
  if (cancellation !== undefined) {
    const { caller, reason } = cancellation;
    const why = reason === "" ? "" : `: ${reason}`;
    return new TaskFailed("CANCELED", `${id} was called off by ${caller}${why}`, final);
  }
  if (failure === undefined) return new TaskFailed("CANCELED", `${id} was called off`, final);
  const { reason, message, retryAfter } = failure;
  const retryAfterMs = retryAfter && durationMs(retryAfter);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  return new TaskFailed(reason, message, { ...final, ...wait });
}

/** It stays so until somebody retries it. */
const final = { isFinal: true };
