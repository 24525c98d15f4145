import { Code, ConnectError } from "@connectrpc/connect";
import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  FailureSchema,
  TaskState,
  type Failure,
  type Task,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService, type WaitTasksResponse } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import type { WorkerStatus } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { ErrorInfoSchema } from "@foedus/gen/google/rpc/error_details_pb.js";
import { faultDomain, reasonNamed } from "@foedus/kernel/fault.ts";
import { fits } from "@foedus/kernel/task/fits.ts";
import type { Line } from "@foedus/kernel/task/line.ts";
import { failureOf, fromLabel, handedName } from "@foedus/kernel/task/relay.ts";
import type { ParentLine } from "../../runtime/parent.ts";
import type { Handed } from "./relay.up.store.ts";

/** How long the parent may take to answer. */
const answerMs = 10_000;
/** Tasks that one page of a list brings. */
const pageSize = 100;

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

/** Submits at the parent; the same hold is one task there, for as long as that lives. */
export async function submitAbove(
  line: Pick<ParentLine, "client">,
  { id, fence, spec }: Pick<Handed, "id" | "fence" | "spec">,
  signal: AbortSignal,
): Promise<string> {
  if (spec === undefined) throw new Error("nothing to submit");
  const request = { requestId: handedName({ id, fence }), spec };
  const { task } = await line.client(TaskService).submitTask(request, within(signal));
  return task?.id ?? "";
}

/**
 * Calls off at the parent what nobody here waits for. Returns whether that is settled: it is over,
 * unknown, or another's; else it is to be asked again.
 */
export async function callOffAbove(
  line: ParentLine,
  taskId: string,
  signal: AbortSignal,
): Promise<boolean> {
  const reason = "nobody waits for it any more at the hub that handed it up";
  const request = { requestId: `off ${taskId}`, taskId, reason };
  try {
    await line.client(TaskService).cancelTask(request, within(signal));
    return true;
  } catch (error) {
    if (answerOf(error).means === "line") throw error;
    const { code } = ConnectError.from(error);
    return settled.has(code) || reasonOf(error) === Reason.NOT_YOURS;
  }
}

const living = [TaskState.SUBMITTED, TaskState.WORKING, TaskState.SCHEDULED, TaskState.BLOCKED];

/** What a hub has handed up and lives at the parent, with a rest after each page. */
export async function* livingAbove(
  line: ParentLine,
  hubId: string,
  rest: () => Promise<void>,
  signal: AbortSignal,
): AsyncGenerator<Task> {
  const client = line.client(TaskService);
  for (let token = ""; ;) {
    const page = { size: pageSize, token };
    const request = { page, states: living, labels: { [fromLabel]: hubId } };
    const { tasks, nextPageToken } = await client.listTasks(request, within(signal));
    yield* tasks;
    if (nextPageToken === "") return;
    token = nextPageToken;
    await rest();
  }
}

/** A task at the parent; undefined for one that it knows no more, or does not show. */
export async function findAbove(
  line: ParentLine,
  taskId: string,
  signal: AbortSignal,
): Promise<Task | undefined> {
  try {
    return (await line.client(TaskService).getTask({ taskId }, within(signal))).task;
  } catch (error) {
    if (answerOf(error).means === "line") throw error;
    return undefined;
  }
}

/** How long one call waits for the first end of what was handed up. */
const endsMs = 15_000;

/** Ids that one call waits for. */
const waitMax = 1_000;

interface Ends {
  /** Whether to wait for the first end. */
  readonly isWaiting: boolean;
  readonly signal: AbortSignal;
}

/** Those of the parent's tasks that have ended, whole, and those that it knows no more. */
export async function endsAbove(
  line: Pick<ParentLine, "client">,
  ids: readonly string[],
  { isWaiting, signal }: Ends,
): Promise<WaitTasksResponse> {
  const wait = durationFromMs(isWaiting ? endsMs : 0);
  const request = { taskIds: ids.slice(0, waitMax), wait };
  const timeoutMs = endsMs + answerMs;
  return await line.client(TaskService).waitTasks(request, { signal, timeoutMs });
}

/** The parent knows it no more. */
export const forgotten = create(FailureSchema, {
  reason: "NOT_FOUND",
  message: "the parent knows the task no more",
});

/** What the parent means that does not take a task. */
export interface Answer {
  /**
   * The task can never be done so; nothing of its queue is taken now; nobody knows whether it was
   * taken; nothing can be asked now.
   */
  readonly means: "task" | "queue" | "unsure" | "line";
  /** As it is told to whoever asks why the task waits. */
  readonly text: string;
  readonly failure: Failure | undefined;
}

/** Reads an answer. `isTried`: asked before, and nobody knows what became of that. */
export function answerOf(error: unknown, isTried = false): Answer {
  const { code, rawMessage: text } = ConnectError.from(error);
  const reason = reasonOf(error);
  const message = `the parent says: ${text}`;
  const failure = reason === undefined ? undefined : failureOf({ reason, message });
  if (failure !== undefined) return { means: "task", text, failure };
  const told = { text, failure: undefined };
  if (code === Code.ResourceExhausted) {
    return { means: reason !== undefined && throttles.has(reason) ? "line" : "queue", ...told };
  }
  // Guards refuse before it is looked whether the same was asked before.
  const isUnsure = unsure.has(code) && reason !== undefined;
  if (isUnsure || code === Code.DeadlineExceeded) return { means: "unsure", ...told };
  if (isTried && ofGuards.has(code)) return { means: "unsure", ...told };
  return { means: refusals.has(code) ? "queue" : "line", ...told };
}

/** The parent has too much to do, whatever is asked. */
const throttles: ReadonlySet<Reason> = new Set([Reason.RATE_LIMITED, Reason.DISK_FULL]);
const unsure: ReadonlySet<Code> = new Set([Code.Internal, Code.Unknown, Code.Aborted]);
const settled: ReadonlySet<Code> = new Set([
  Code.NotFound,
  Code.FailedPrecondition,
  Code.InvalidArgument,
]);
const ofGuards: ReadonlySet<Code> = new Set([Code.PermissionDenied, Code.Unimplemented]);
const refusals: ReadonlySet<Code> = new Set([
  ...settled,
  ...ofGuards,
  Code.AlreadyExists,
  Code.OutOfRange,
]);

/** What the parent itself named; undefined for what the line or a stranger says. */
function reasonOf(error: unknown): Reason | undefined {
  const details = ConnectError.from(error).findDetails(ErrorInfoSchema);
  const found = details.find(({ domain }) => domain === faultDomain);
  if (found === undefined) return undefined;
  return reasonNamed(found.reason) ?? Reason.UNSPECIFIED;
}

function within(signal: AbortSignal) {
  return { signal, timeoutMs: answerMs };
}
