import type { Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { WatchTaskResponse } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { linked } from "../signals.ts";
import { resumed } from "../wire/resumed.ts";
import type { AskOptions } from "./tasks.ts";
import type { TasksKit } from "./tasks.open.ts";

/** A watch is silent for as long as nothing happens; so long it trusts its connection. */
const silenceMs = 300_000;

const ends: ReadonlySet<TaskState> = new Set([
  TaskState.COMPLETED,
  TaskState.FAILED,
  TaskState.CANCELED,
]);

/** Whether nothing more becomes of it, unless somebody retries it. */
export function hasEnded({ state }: Task): boolean {
  return ends.has(state);
}

/**
 * A task now and at each change until it has ended; a broken connection is opened again behind the
 * revision that was seen last. The signal ends it without an error.
 */
export async function* watchTask(
  { world, client, ended, moving }: TasksKit,
  taskId: string,
  options: AskOptions = {},
): AsyncGenerator<Task, void, void> {
  using both = linked(ended, options.signal);
  const { signal } = both;
  let revision = 0n;
  const items = resumed<WatchTaskResponse>({
    world,
    silenceMs,
    signal,
    farewellMs: () => undefined,
    open: (opened) => client.watchTask({ taskId, revision }, { signal: opened }),
    ...(moving === undefined ? {} : { moving }),
  });
  for await (const { task } of items) {
    if (task === undefined || task.revision <= revision) continue;
    revision = task.revision;
    yield task;
    if (hasEnded(task)) return;
  }
}
