import { Code, ConnectError } from "@connectrpc/connect";
import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { FailureSchema, TaskState, type Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService, type WaitTasksResponse } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { fits } from "@foedus/kernel/task/fits.ts";
import type { Line } from "@foedus/kernel/task/line.ts";
import { fromLabel } from "@foedus/kernel/task/relay.ts";
import type { WorkerStatus } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import type { ParentLine } from "../../runtime/parent.ts";
import type { Handed } from "./relay.up.store.ts";

/** The worker that the parent is to those here. */
export const parentWorker = "parent";

/** How long the parent may take to answer. */
const answerMs = 10_000;
/** Tasks that one page of a list brings. */
export const pageSize = 100;

/** Lines that no worker of this hub can do, and that no node is named for. */
export function unfitLines(lines: readonly Line[], workers: readonly WorkerStatus[]): Line[] {
  const present = workers.filter(({ draining }) => !draining);
  return lines.filter(({ kind, needs }) => {
    if ((needs?.nodeId ?? "") !== "") return false;
    return !present.some(({ worker, nodeId, nodeLabels }) => {
      return worker !== undefined && fits(kind, needs, worker, { nodeId, labels: nodeLabels });
    });
  });
}

/** Submits at the parent; the same hold is one task there. */
export async function submitAbove(
  line: ParentLine,
  { id, fence, spec }: Handed,
  signal: AbortSignal,
): Promise<string> {
  if (spec === undefined) throw new Error("nothing to submit");
  const request = { requestId: `up ${id} ${fence}`, spec };
  const { task } = await line.client(TaskService).submitTask(request, within(signal));
  return task?.id ?? "";
}

/** Calls off at the parent what nobody here waits for; over already, or unknown, is as good. */
export async function callOffAbove(
  line: ParentLine,
  { id, fence }: Handed,
  taskId: string,
  signal: AbortSignal,
): Promise<void> {
  const reason = "nobody waits for it any more at the hub that handed it up";
  const request = { requestId: `off ${id} ${fence}`, taskId, reason };
  try {
    await line.client(TaskService).cancelTask(request, within(signal));
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}

const living = [TaskState.SUBMITTED, TaskState.WORKING, TaskState.SCHEDULED, TaskState.BLOCKED];

/** What a hub has handed up and lives at the parent, by id there. */
export async function livingAbove(
  line: ParentLine,
  hubId: string,
  signal: AbortSignal,
): Promise<Map<string, Task>> {
  const client = line.client(TaskService);
  const found = new Map<string, Task>();
  for (let token = ""; ;) {
    const page = { size: pageSize, token };
    const request = { page, states: living, labels: { [fromLabel]: hubId } };
    const { tasks, nextPageToken } = await client.listTasks(request, within(signal));
    for (const task of tasks) found.set(task.id, task);
    if (nextPageToken === "") return found;
    token = nextPageToken;
  }
}

/** How long one call waits for the first end of what was handed up. */
const endsMs = 15_000;

/** Those of the parent's tasks that have ended, whole, and those that it knows no more. */
export async function endsAbove(
  line: ParentLine,
  taskIds: string[],
  signal: AbortSignal,
): Promise<WaitTasksResponse> {
  const request = { taskIds, wait: durationFromMs(endsMs) };
  const timeoutMs = endsMs + answerMs;
  return await line.client(TaskService).waitTasks(request, { signal, timeoutMs });
}

/** The parent knows it no more. */
export const forgotten = create(FailureSchema, {
  reason: "NOT_FOUND",
  message: "the parent knows the task no more",
});

const refusals: ReadonlySet<Code> = new Set([
  Code.InvalidArgument,
  Code.NotFound,
  Code.AlreadyExists,
  Code.PermissionDenied,
  Code.FailedPrecondition,
  Code.OutOfRange,
  Code.Unimplemented,
]);

/** Whether asking again would bring the same answer. */
export function isRefusal(error: unknown): boolean {
  return refusals.has(ConnectError.from(error).code);
}

function within(signal: AbortSignal) {
  return { signal, timeoutMs: answerMs };
}
