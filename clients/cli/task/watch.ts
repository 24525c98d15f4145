import { TaskSchema, TaskState, type Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  TaskService,
  WatchTaskResponseSchema,
  type WatchTaskResponse,
} from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { resumed } from "@foedus/sdk/wire/resumed.ts";
import type { CliContext } from "../context.ts";
import { Ended } from "../end.ts";
import { exitCodes } from "../exit.ts";
import type { HubClient } from "../hub-client.ts";
import { interruptions } from "../interruptions.ts";
import { dim, type Piece } from "../paint.ts";
import { jsonOf } from "../print.ts";
import { clockText } from "../words/clock.ts";
import { openNames } from "./names.ts";
import { nodesIn, standingText } from "./standing.ts";
import { isOver, stateWord } from "./words.ts";

/** A stream that has nothing to tell is opened anew this often: so a dead hub is noticed. */
const anewMs = 60_000;
const silenceMs = 2 * anewMs;

/** A task at each change, through interruptions, until it has ended or Ctrl-C. */
async function* changesOf(context: CliContext, hub: HubClient, taskId: string) {
  const { world, signal } = context;
  const client = hub.as(TaskService);
  // A task that is not there is a failure; a hub that goes meanwhile is waited for.
  const { task } = await client.getTask({ taskId }, hub.call);
  if (task !== undefined) yield task;
  let known = task;
  const told = interruptions(context, hub);
  const moving = () => {
    const controller = new AbortController();
    world.timers.after(anewMs, () => controller.abort());
    return controller.signal;
  };
  const items = resumed<WatchTaskResponse>({
    world,
    signal,
    silenceMs,
    moving,
    farewellMs: () => undefined,
    interrupted: told.lost,
    open: (opened) =>
      client.watchTask({ taskId, revision: known?.revision ?? 0n }, { signal: opened }),
  });
  if (known !== undefined && isOver(known.state)) return;
  for await (const item of items) {
    told.back();
    if (item.task === undefined) continue;
    known = item.task;
    yield known;
    if (isOver(known.state)) return;
  }
}

/** Shows each change of a task as a line, until it has ended. */
export async function watchTask(context: CliContext, taskId: string): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const names = openNames(hub);
  for await (const task of changesOf(context, hub, taskId)) {
    if (print.output === "json") print.json(jsonOf(WatchTaskResponseSchema, itemOf(task)));
    else {
      await names.learn(nodesIn([task]));
      print.line(...lineOf(task, standingText(task, names, hub.nowMs()), hub.nowMs()));
      if (task.state === TaskState.COMPLETED && (task.result?.body.length ?? 0) > 0) {
        print.note(dim(`Its result: foedus task result ${taskId}`));
      }
    }
    endUnless(task);
  }
}

function itemOf(task: Task): WatchTaskResponse {
  return { $typeName: "foedus.task.v1.WatchTaskResponse", task };
}

function lineOf({ state }: Task, standing: string, nowMs: number): Piece[] {
  return [dim(`${clockText(nowMs)}  `), stateWord(state), ` ${standing}`];
}

/**
 * Waits for a task's end and prints its result: progress goes to standard error, and the command
 * ends as the task did.
 */
export async function followToEnd(
  context: CliContext,
  hub: HubClient,
  taskId: string,
): Promise<void> {
  const { print, signal } = context;
  const names = openNames(hub);
  let last: Task | undefined;
  for await (const task of changesOf(context, hub, taskId)) {
    last = task;
    if (print.output === "json") continue;
    await names.learn(nodesIn([task]));
    print.note(...lineOf(task, standingText(task, names, hub.nowMs()), hub.nowMs()));
  }
  if (signal.aborted) {
    print.note(dim(`The task goes on: foedus task watch ${taskId}`));
    return;
  }
  if (last === undefined) return;
  if (print.output === "json") print.json(jsonOf(TaskSchema, last));
  else if (last.result !== undefined) print.bytes(last.result.body);
  endUnless(last);
}

/** @throws Ended without a result: with 1 where it failed, with 6 where it was called off. */
function endUnless({ state }: Task): void {
  if (state === TaskState.FAILED) throw new Ended(exitCodes.failed);
  if (state === TaskState.CANCELED) throw new Ended(exitCodes.conflict);
}
