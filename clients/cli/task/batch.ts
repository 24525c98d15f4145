import { readFile } from "node:fs/promises";
import { create, toJson, type JsonObject } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { TaskSpecSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  SubmitTasksResponseSchema,
  TaskService,
  type Submitted,
} from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { persist } from "@foedus/sdk/wire/persist.ts";
import type { CliContext } from "../context.ts";
import { failureOf } from "../failure.ts";
import type { HubClient } from "../hub-client.ts";
import { dim, warn } from "../paint.ts";
import { counted } from "../words/plural.ts";
import { LaterLine, partsOf, placed, readLines, type Line, type Mistake } from "./lines.ts";
import { readPayload } from "./payload.ts";
import { specOf } from "./spec.ts";
import type { SubmitOptions, Wanted } from "./submit.ts";

/** Submits the tasks of a file, after all of its lines were found right. */
export async function submitBatch(
  context: CliContext,
  { queue = "", kind = "", input }: Wanted,
  options: SubmitOptions,
): Promise<void> {
  const { print } = context;
  const { batch: file = "-", wait, unique } = options;
  if (unique !== undefined)
    throw invalid("--unique would make all of them one: say uniqueKey in the lines");
  if (input !== undefined) throw invalid("the lines say the payloads: leave - out");
  const hub = await context.hub();
  const payload = await readPayload(context, options);
  const spec = await specOf(hub, { queue, kind, payload }, options);
  const defaults = toJson(TaskSpecSchema, spec) as JsonObject;
  const { lines, mistakes } = readLines(await textOf(context, file), defaults, hub.nowMs());
  if (mistakes.length > 0) throw mistaken(context, file, mistakes, lines.length);
  if (lines.length === 0) throw unusable(file, "taken", "it holds no task: one JSON object a line");
  const submitted = await submitAll(context, hub, lines);
  if (wait === true) {
    if (print.output === "text")
      print.note(dim(`${takenText(submitted)}. Each is told as it ends.`));
    const ids = submitted.map(({ taskId }) => taskId);
    return await (await import("./ends.ts")).followAll(context, hub, ids);
  }
  const answer = create(SubmitTasksResponseSchema, { submitted });
  await print.answer(SubmitTasksResponseSchema, answer, () => {
    for (const { taskId } of submitted) print.line(taskId);
    print.note(dim(`${takenText(submitted)}. What waits: foedus task queues`));
  });
}

function takenText(submitted: readonly Submitted[]): string {
  const existed = submitted.filter((one) => one.existed).length;
  const was = existed === 1 ? "was" : "were";
  const before = existed === 0 ? "" : `, of which ${existed} ${was} there before`;
  return `${counted(submitted.length, "task")}${before}`;
}

/** In parts: of those each is taken whole, or not at all. */
async function submitAll(
  context: CliContext,
  hub: HubClient,
  lines: readonly Line[],
): Promise<Submitted[]> {
  const { world, signal, print } = context;
  const submitted: Submitted[] = [];
  for (const part of partsOf(lines)) {
    const from = submitted.length;
    try {
      const ids = submitted.map(({ taskId }) => taskId);
      const request = { requestId: context.newRequestId(), specs: placed(part, from, ids) };
      const submit = () => hub.as(TaskService).submitTasks(request, hub.call);
      submitted.push(...(await persist(submit, { world, signal, attemptsMax })).submitted);
    } catch (thrown) {
      if (from > 0) {
        const left = `Submitted before that: the first ${counted(from, "task")}.`;
        if (print.output === "text") print.note(warn(left));
      }
      throw await namedLine(thrown, part);
    }
  }
  return submitted;
}

const attemptsMax = 10;

/** What the hub says about the third spec is about the line of the third task. */
async function namedLine(thrown: unknown, part: readonly Line[]): Promise<unknown> {
  if (thrown instanceof LaterLine) return invalid(`line ${thrown.line}: ${thrown.message}`);
  const failure = await failureOf(thrown);
  const { violation = "" } = failure?.facts ?? {};
  const [, at, rest] = /^specs\[(\d+)\]\.?(.*)$/u.exec(violation) ?? [];
  const line = part[Number(at)]?.line;
  return line === undefined ? thrown : invalid(`line ${line}: ${rest}`);
}

async function textOf({ terminal }: CliContext, file: string): Promise<string> {
  if (file === "-") return await terminal.readInput();
  return await readFile(file, "utf8").catch((cause: unknown) => {
    throw unusable(file, "read", cause instanceof Error ? cause.message : String(cause));
  });
}

const shownMax = 20;

/** All that is wrong at once: nobody wants to learn it line by line. */
function mistaken(
  { print }: CliContext,
  file: string,
  mistakes: readonly Mistake[],
  right: number,
): Fault {
  const texts = mistakes.map(({ line, problem }) => `line ${line}: ${problem}`);
  const shown = texts.slice(0, shownMax);
  if (print.output === "text") for (const text of shown) print.note(warn(text));
  const more = texts.length > shownMax ? `, the first ${shownMax} of which are shown` : "";
  const which = print.output === "text" ? more : `: ${shown.join("; ")}`;

  const name = file === "-" ? "standard input" : file;
  const said = `${counted(mistakes.length, "line")} of ${name} cannot be taken${which}`;
  const rest = right === 0 ? "" : `; the others were not submitted either`;
  return invalid(`${said}${rest}`);
}

function unusable(file: string, done: string, detail: string): Fault {
  const name = file === "-" ? "standard input" : file;
  return new Fault(Reason.FILE_UNUSABLE, { file: name, done, detail });
}

function invalid(problem: string): Fault {
  return new Fault(Reason.COMMAND_INVALID, { problem, command: "foedus task submit" });
}
