import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { TaskState, type Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  SubmitTaskResponseSchema,
  TaskService,
} from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { CliContext } from "../context.ts";
import { dim, strong, warn } from "../paint.ts";
import type { Print } from "../print.ts";
import { openNames } from "./names.ts";
import { readPayload, type PayloadOptions } from "./payload.ts";
import { inOptions } from "./refused.ts";
import { specOf, type TermOptions } from "./spec.ts";
import { standingText } from "./standing.ts";
import { followToEnd } from "./watch.ts";
import { stateName } from "./words.ts";

/** What `task submit` takes. */
export interface SubmitOptions extends TermOptions, PayloadOptions {
  readonly batch?: string;
  readonly wait?: boolean;
}

/** What is to be done, where; a third word can only be "-", for standard input. */
export interface Wanted {
  readonly queue: string | undefined;
  readonly kind: string | undefined;
  readonly input: string | undefined;
}

const command = "foedus task submit";

/** Submits one task, and follows it to its end if that is wanted. */
export async function submitTask(
  context: CliContext,
  { queue, kind, input }: Wanted,
  options: SubmitOptions,
): Promise<void> {
  if (queue === undefined || kind === undefined) {
    throw invalid("say the queue and the kind, e.g. foedus task submit scans scan");
  }
  if (input !== undefined && input !== "-") {
    throw invalid(`a payload comes from --json, --text, --file, or - for standard input`);
  }
  const source = input === undefined ? options : { ...options, file: fileOf(options) };
  const payload = await readPayload(context, source);
  const hub = await context.hub();
  const spec = await specOf(hub, { queue, kind, payload }, options);
  const request = { requestId: context.newRequestId(), spec };
  const submit = () => hub.as(TaskService).submitTask(request, hub.call);
  const answer = await inOptions(command, submit);
  const { task, existed } = answer;
  if (task === undefined) throw new Error("the hub took a task and told none");
  if (options.wait === true) {
    if (context.print.output === "text") context.print.note(dim(`${task.id} is submitted.`));
    return await followToEnd(context, hub, task.id);
  }
  await context.print.answer(SubmitTaskResponseSchema, answer, () =>
    tellTaken(context.print, task, existed, hub.nowMs(), openNames(hub)),
  );
}

function fileOf({ file }: SubmitOptions): string {
  if (file === undefined) return "-";
  throw invalid("standard input (-) and --file both say where the payload is: keep one");
}

function tellTaken(
  print: Print,
  task: Task,
  existed: boolean,
  nowMs: number,
  names: ReturnType<typeof openNames>,
): void {
  const { id, spec, state } = task;
  if (existed) {
    const key = spec?.uniqueKey ?? "";
    print.line(strong(id), warn(" was there before"), `: it has the unique key ${key}.`);
  }
  const standing = standingText(task, names, nowMs);
  const begins = state === TaskState.BLOCKED || state === TaskState.SCHEDULED ? ", and" : "";
  print.line(strong(id), ` is ${stateName(state)}${begins} ${standing}.`);
  print.note(dim(`To follow it: foedus task watch ${id}`));
}

function invalid(problem: string): Fault {
  return new Fault(Reason.COMMAND_INVALID, { problem, command });
}
