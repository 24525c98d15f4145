import { create } from "@bufbuild/protobuf";
import { TaskState, type Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  ListTasksResponseSchema,
  TaskService,
  type ListTasksResponse,
} from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import type { TaskFilter } from "@foedus/sdk/task/tasks.ts";
import type { CliContext } from "../context.ts";
import type { HubClient } from "../hub-client.ts";
import { dim, strong, type Piece } from "../paint.ts";
import { openNames, type NodeNames } from "./names.ts";
import type { Pairs } from "./read.ts";
import { nodeIdOf } from "./spec.ts";
import { nodesIn, standingText } from "./standing.ts";
import { stateWord, whenText } from "./words.ts";

/** Which tasks; what is left out asks for nothing. */
export interface ListOptions {
  readonly queue?: string;
  readonly state?: readonly TaskState[];
  readonly failed?: boolean;
  readonly kind?: string;
  readonly node?: string;
  readonly label?: Pairs;
  readonly parent?: string;
  readonly last?: number;
}

const lastDefault = 50;
const pageMax = 500;

/** The newest tasks, as many as are wanted. */
export async function listTasks(context: CliContext, options: ListOptions): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const { queue = "", kind = "", node, label = {}, parent: parentId = "", last } = options;
  const nodeId = node === undefined ? "" : await nodeIdOf(hub, node);
  const states = [...(options.state ?? []), ...(options.failed ? [TaskState.FAILED] : [])];
  const wish = { queue, kind, nodeId, labels: { ...label }, parentId, states };
  const answer = await newestOf(hub, wish, last);
  await print.answer(ListTasksResponseSchema, answer, async () => {
    const { tasks } = answer;
    if (tasks.length === 0) return tellNone(context, options);
    const names = openNames(hub);
    await names.learn(nodesIn(tasks));
    await tellTasks(context, tasks, names, hub.nowMs());
    tellMore(context, answer);
  });
}

/** The newest tasks that are so; there are more of them where the answer names a next page. */
export async function newestOf(
  hub: HubClient,
  wish: TaskFilter,
  last = lastDefault,
): Promise<ListTasksResponse> {
  const client = hub.as(TaskService);
  const tasks: Task[] = [];
  let token = "";
  do {
    const page = { size: Math.min(pageMax, last - tasks.length), token };
    const answer = await client.listTasks({ ...wish, page }, hub.call);
    tasks.push(...answer.tasks);
    token = answer.nextPageToken;
  } while (token !== "" && tasks.length < last);
  // A page that is just full names a next one, too.
  const page = { size: 1, token };
  const next = token === "" ? undefined : await client.listTasks({ ...wish, page }, hub.call);
  const hasMore = next !== undefined && (next.tasks.length > 0 || next.nextPageToken !== "");
  return create(ListTasksResponseSchema, { tasks, nextPageToken: hasMore ? token : "" });
}

const moreTimes = 10;

/** How to see more than was shown, if there is more. */
export function tellMore(
  { print }: CliContext,
  { tasks: { length }, nextPageToken }: ListTasksResponse,
): void {
  if (nextPageToken === "") return;
  print.note(dim(`The newest ${length}; for more: --last ${length * moreTimes}`));
}

function tellNone({ print }: CliContext, options: ListOptions): void {
  const isNarrow = Object.keys(options).some((name) => name !== "last");
  if (isNarrow) return print.line("No task is so. What is kept of those that ended: docs/tasks.md");
  print.line("No task was submitted yet.");
  print.line(`Submit one: npx foedus task submit scans scan --json '{"path":"/srv"}'`);
}

const head = ["TASK", "QUEUE", "KIND", "PRIORITY", "SUBMITTED", "STATE", ""];

/** Prints them as a table. */
export async function tellTasks(
  { print }: CliContext,
  tasks: readonly Task[],
  names: NodeNames,
  nowMs: number,
): Promise<void> {
  await print.table(
    head,
    tasks.map((task) => rowOf(task, names, nowMs)),
  );
}

const standingMax = 80;

function rowOf(task: Task, names: NodeNames, nowMs: number): Piece[] {
  const { id, spec, state, createTime } = task;
  const standing = state === TaskState.SUBMITTED ? "" : standingText(task, names, nowMs);
  const { length } = standing;
  return [
    strong(id),
    spec?.queue ?? "",
    spec?.kind ?? "",
    String(spec?.priority ?? ""),
    whenText(createTime, nowMs),
    stateWord(state),
    length > standingMax ? `${standing.slice(0, standingMax)}…` : standing,
  ];
}
