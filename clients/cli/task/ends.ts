import { TaskSchema, TaskState, type Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import type { TaskEnd } from "@foedus/sdk/task/tasks.ts";
import { openTasks } from "@foedus/sdk/task/tasks.open.ts";
import type { CliContext } from "../context.ts";
import { Ended } from "../end.ts";
import { exitCodes } from "../exit.ts";
import type { HubClient } from "../hub-client.ts";
import { interruptions } from "../interruptions.ts";
import { dim, strong, warn, type Piece } from "../paint.ts";
import { jsonOf } from "../print.ts";
import { sizeText } from "../words/bytes.ts";
import { counted } from "../words/plural.ts";
import { openNames, type NodeNames } from "./names.ts";
import { textIn } from "./payload.ts";
import { nodesIn, standingText } from "./standing.ts";
import { stateName, stateWord } from "./words.ts";

/**
 * Waits for the ends of tasks, and prints each as it comes. Ids stand in the order of a file's
 * tasks; one may stand there twice, where a unique key was taken.
 *
 * @throws Ended with 1 where one failed, with 6 where the worst is that one was called off.
 */
export async function followAll(
  context: CliContext,
  hub: HubClient,
  taskIds: readonly string[],
): Promise<void> {
  const { print, world, signal } = context;
  const client = hub.as(TaskService);
  const told = interruptions(context, hub);
  const kit = { world, client, ended: signal, hubNow: hub.nowMs, interrupted: told.lost };
  const tasks = openTasks(kit);
  const names = openNames(hub);
  const places = Map.groupBy(taskIds.keys(), (at) => taskIds[at] ?? "");
  const tally = new Map<TaskState, number>();
  try {
    for await (const end of tasks.results(taskIds)) {
      told.back();
      const { state = TaskState.UNSPECIFIED } = end.task ?? {};
      tally.set(state, (tally.get(state) ?? 0) + 1);
      if (print.output === "json") {
        print.json(end.task === undefined ? unknown(end) : jsonOf(TaskSchema, end.task));
        continue;
      }
      // An id is told as well: a hub that goes just now ends nothing.
      await names.learn(end.task === undefined ? [] : nodesIn([end.task])).catch(() => undefined);
      const place = places.get(end.taskId)?.map((at) => `#${at}`) ?? [];
      print.line(dim(`${place.join(" ")} `), ...lineOf(end, names, hub.nowMs()));
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    print.note(dim("The tasks go on: foedus task list"));
    return;
  }
  if (print.output === "text") print.note(dim(`${tallyText(tally)}.`));
  const { COMPLETED, CANCELED } = TaskState;
  const others = [...tally.keys()].filter((state) => state !== COMPLETED);
  if (others.some((state) => state !== CANCELED)) throw new Ended(exitCodes.failed);
  if (others.length > 0) throw new Ended(exitCodes.conflict);
}

function lineOf(end: TaskEnd, names: NodeNames, nowMs: number): Piece[] {
  const id = strong(end.taskId);
  if (end.error === undefined)
    return [id, " ", stateWord(end.task.state), " ", resultText(end.task)];
  const { task, error } = end;
  if (task === undefined) return [id, " ", warn(error.message)];
  return [id, " ", stateWord(task.state), " ", standingText(task, names, nowMs)];
}

const resultMax = 160;

/** A result that is a line; of any other how large it is. */
function resultText({ id, result }: Task): Piece {
  const { body = new Uint8Array(), contentType = "" } = result ?? {};
  if (result === undefined || body.length === 0) return dim("without a result");
  const text = body.length > resultMax ? undefined : textIn(body)?.trimEnd();
  if (text !== undefined && !/[\0\n]/u.test(text)) return text;
  const what = `${sizeText(body.length)}${contentType === "" ? "" : ` of ${contentType}`}`;
  return dim(`${what}: foedus task result ${id}`);
}

function tallyText(tally: ReadonlyMap<TaskState, number>): string {
  const all = [...tally.values()].reduce((sum, count) => sum + count, 0);
  const parts = [...tally].map(([state, count]) => `${count} ${stateName(state)}`);
  return `${counted(all, "task")}: ${parts.join(", ")}`;
}

function unknown({ taskId, error }: TaskEnd) {
  return { id: taskId, error: error?.message ?? "" };
}
