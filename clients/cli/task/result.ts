import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { PayloadSchema, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { CliContext } from "../context.ts";
import { Ended } from "../end.ts";
import { exitCodes } from "../exit.ts";
import { stateName } from "./words.ts";

/** The bytes that a task came to, on standard output and nothing else. */
export async function printResult(context: CliContext, taskId: string): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const { task } = await hub.as(TaskService).getTask({ taskId }, hub.call);
  if (task === undefined) throw new Fault(Reason.NOT_FOUND, { object: `task ${taskId}` });
  const { state, result } = task;
  if (state !== TaskState.COMPLETED) {
    const why = `It is ${stateName(state)}, and has no result: foedus task explain ${taskId}`;
    throw new Ended(exitCodes.failed, why);
  }
  if (result === undefined) {
    const why = "Its result is not shown to you: only members see payloads and results.";
    throw new Ended(exitCodes.notAllowed, why);
  }
  await print.answer(PayloadSchema, result, () => print.bytes(result.body));
}
