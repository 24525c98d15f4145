import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  CancelTaskResponseSchema,
  RetryTaskResponseSchema,
  TaskService,
} from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { CliContext } from "../context.ts";
import { strong } from "../paint.ts";
import { inOptions } from "./refused.ts";

/** Calls a task off. */
export async function cancelTask(
  context: CliContext,
  taskId: string,
  { reason = "" }: { readonly reason?: string },
): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const request = { requestId: context.newRequestId(), taskId, reason };
  const cancel = () => hub.as(TaskService).cancelTask(request, hub.call);
  const answer = await inOptions("foedus task cancel", cancel);
  await print.answer(CancelTaskResponseSchema, answer, () => {
    if (answer.task?.state === TaskState.CANCELED) {
      return print.line(strong(taskId), " is called off.");
    }
    print.line(strong(taskId), " is being worked on: its worker is told to stop.");
    print.line(`To see it end: foedus task watch ${taskId}`);
  });
}

/** Which dead letters are tried again. */
export interface RetryOptions {
  readonly queue?: string;
  readonly all?: boolean;
  readonly yes?: boolean;
}

/** Takes one task, or all of a queue, out of the dead letters. */
export async function retryTask(
  context: CliContext,
  taskId: string | undefined,
  options: RetryOptions,
): Promise<void> {
  const { queue, all = false } = options;
  if (taskId !== undefined && (queue !== undefined || all)) {
    throw invalid("name one task, or all dead letters of a queue with --queue and --all");
  }
  if (taskId === undefined && queue !== undefined && all) {
    return await (await import("./dead.ts")).retryAll(context, queue, options);
  }
  if (taskId === undefined) {
    throw invalid("name the task, or say --queue QUEUE --all for all dead letters of a queue");
  }
  const { print } = context;
  const hub = await context.hub();
  const request = { requestId: context.newRequestId(), taskId };
  const answer = await hub.as(TaskService).retryTask(request, hub.call);
  await print.answer(RetryTaskResponseSchema, answer, () => {
    print.line(strong(taskId), " is ready again, with fresh attempts.");
  });
}

function invalid(problem: string): Fault {
  return new Fault(Reason.COMMAND_INVALID, { problem, command: "foedus task retry" });
}
