import { create } from "@bufbuild/protobuf";
import { durationMs } from "@bufbuild/protobuf/wkt";
import {
  PayloadSchema,
  TaskState,
  type Failure,
  type Task,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { FoedusError } from "../error.ts";
import { askerOf, pagesOf } from "./asking.ts";
import { TaskFailed } from "./failed.ts";
import { jsonOf } from "./payload.ts";
import type { TasksKit } from "./tasks.open.ts";
import type { AskOptions, TaskResult } from "./tasks.ts";
import { hasEnded, watchTask } from "./watch.ts";

/**
 * Waits until a task is done.
 *
 * @throws TaskFailed when it failed for good or was called off; the signal's reason when it aborts.
 */
export async function resultOf(
  kit: TasksKit,
  taskId: string,
  options: AskOptions = {},
): Promise<TaskResult> {
  for await (const task of watchTask(kit, taskId, options)) {
    if (task.state === TaskState.COMPLETED) return completed(task);
    if (hasEnded(task)) throw await failureOf(kit, task, options);
  }
  options.signal?.throwIfAborted();
  kit.ended.throwIfAborted();
  // Only a task that was forgotten while we looked away ends a watch before it has ended.
  throw new FoedusError(Reason.NOT_FOUND, { object: `task ${taskId}` });
}

function completed(task: Task): TaskResult {
  const payload = task.result ?? create(PayloadSchema);
  return { task, payload, json: () => jsonOf(payload.body) };
}

async function failureOf(kit: TasksKit, task: Task, options: AskOptions): Promise<TaskFailed> {
  const { id, cancellation } = task;
  if (task.state === TaskState.CANCELED && cancellation !== undefined) {
    const { caller, reason } = cancellation;
    const why = reason === "" ? "" : `: ${reason}`;
    return new TaskFailed("CANCELED", `${id} was called off by ${caller}${why}`, final);
  }
  const failure = task.attempt?.failure ?? (await lastFailure(kit, id, options));
  if (failure === undefined) return new TaskFailed("CANCELED", `${id} has no result`, final);
  const retryAfterMs = failure.retryAfter && durationMs(failure.retryAfter);
  return new TaskFailed(failure.reason, failure.message, {
    ...final,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** It stays so until somebody retries it. */
const final = { isFinal: true };

/** What never had a worker says only in its steps why it ended. */
async function lastFailure(
  { client, world, ended }: TasksKit,
  taskId: string,
  options: AskOptions,
): Promise<Failure | undefined> {
  const ask = askerOf(world, ended);
  const read = (page: { token: string }) =>
    ask((each) => client.listTaskSteps({ taskId, page }, each), options);
  let found: Failure | undefined;
  for await (const { steps } of pagesOf(read)) {
    found = steps.findLast(({ failure }) => failure !== undefined)?.failure ?? found;
  }
  return found;
}
