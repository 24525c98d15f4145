import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { TaskState, type Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  ListTasksResponseSchema,
  TaskService,
} from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { persist } from "@foedus/sdk/wire/persist.ts";
import { confirm } from "../confirm.ts";
import type { CliContext } from "../context.ts";
import { Ended } from "../end.ts";
import { exitCodes } from "../exit.ts";
import { failureOf } from "../failure.ts";
import type { HubClient } from "../hub-client.ts";
import { allPages } from "../pages.ts";
import { dim, strong, warn, type Piece } from "../paint.ts";
import { counted } from "../words/plural.ts";
import { whenText, whyText } from "./words.ts";
import { newestOf, tellMore } from "./list.ts";
import { openNames, type NodeNames } from "./names.ts";
import { nodesIn } from "./standing.ts";

const head = ["TASK", "QUEUE", "KIND", "FAILED", "ATTEMPTS", "LAST BY", "WHY"];

/** Which dead letters. */
export interface DeadOptions {
  readonly queue?: string;
  readonly last?: number;
}

/** The newest dead letters: what failed for good, and why. */
export async function listDead(
  context: CliContext,
  { queue = "", last }: DeadOptions,
): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const answer = await newestOf(hub, { queue, states: [TaskState.FAILED] }, last);
  await print.answer(ListTasksResponseSchema, answer, async () => {
    const { tasks } = answer;
    const where = queue === "" ? "" : ` of ${queue}`;
    if (tasks.length === 0) return print.line(`No task${where} lies with the dead letters.`);
    const names = openNames(hub);
    await names.learn(nodesIn(tasks));
    await print.table(
      head,
      tasks.map((task) => rowOf(task, names, hub.nowMs())),
    );
    tellMore(context, answer);
    print.note(
      dim("To try one again: foedus task retry ID; all: foedus task retry --queue Q --all"),
    );
  });
}

async function deadOf(hub: HubClient, queue: string): Promise<Task[]> {
  const client = hub.as(TaskService);
  const states = [TaskState.FAILED];
  return await allPages(
    (page) => client.listTasks({ queue, states, page }, hub.call),
    ({ tasks }) => tasks,
  );
}

function rowOf(task: Task, names: NodeNames, nowMs: number): Piece[] {
  const { id, spec, attempt, endTime, failure } = task;
  return [
    strong(id),
    spec?.queue ?? "",
    spec?.kind ?? "",
    whenText(endTime, nowMs),
    String(attempt?.number ?? 0),
    attempt === undefined ? dim("nobody") : `${attempt.worker} of ${names.nameOf(attempt.nodeId)}`,
    whyText(failure),
  ];
}

/** Tries all dead letters of a queue again, after asking. */
export async function retryAll(
  context: CliContext,
  queue: string,
  { yes = false }: { readonly yes?: boolean },
): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const tasks = await deadOf(hub, queue);
  if (tasks.length === 0 && print.output === "text") {
    return print.line(`No task of ${queue} lies with the dead letters.`);
  }
  const what = counted(tasks.length, "dead letter");
  if (tasks.length > 0) await confirm(context, `Trying ${what} of ${queue} again`, yes);
  const refused: { readonly id: string; readonly why: string }[] = [];
  for (const { id } of tasks.toReversed()) {
    const why = await refusalOf(context, hub, id);
    if (why !== undefined) refused.push({ id, why });
  }
  const retried = tasks.length - refused.length;
  if (print.output === "json") print.json({ retried, refused });
  else {
    print.line(againText(retried, queue));
    for (const { id, why } of refused) print.line(strong(id), warn(` stays: ${why}`));
  }
  if (refused.length > 0) throw new Ended(exitCodes.failed);
}

/** What stands in the way of one task is no reason to leave the others. */
const ownReasons: readonly Reason[] = [
  Reason.TASK_NOT_FAILED,
  Reason.TASK_KEY_TAKEN,
  Reason.NOT_YOURS,
  Reason.NOT_FOUND,
];
const attemptsMax = 10;

/** Tries one again; why that could not be, if so. */
async function refusalOf(
  { world, signal, newRequestId }: CliContext,
  hub: HubClient,
  taskId: string,
): Promise<string | undefined> {
  const request = { requestId: newRequestId(), taskId };
  const retry = () => hub.as(TaskService).retryTask(request, hub.call);
  try {
    await persist(retry, { world, signal, attemptsMax });
    return undefined;
  } catch (thrown) {
    const failure = await failureOf(thrown);
    if (failure === undefined || !ownReasons.includes(failure.reason)) throw thrown;
    return failure.message;
  }
}

function againText(retried: number, queue: string): string {
  const what = counted(retried, "task");
  return `${what} of ${queue} ${retried === 1 ? "is" : "are"} ready again, with fresh attempts.`;
}
