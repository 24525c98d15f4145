// Queues and tasks as no small federation has them.
import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  GetQueueResponseSchema,
  type QueueSchema,
  WatchQueuesResponseSchema,
} from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { type TaskSchema, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { ExplainTaskResponseSchema } from "@foedus/gen/foedus/task/v1/task_explain_pb.js";
import {
  ListTasksResponseSchema,
  ListTaskStepsResponseSchema,
  WatchTaskResponseSchema,
} from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import type { Page } from "playwright-core";
import { answer, openStream, type OpenStream } from "./told.ts";

type Init<Message> = Exclude<Message, { $typeName: string }>;
export type QueueInit = Init<MessageInitShape<typeof QueueSchema>>;
export type TaskInit = Init<MessageInitShape<typeof TaskSchema>>;

const tasks = "foedus.task.v1.TaskService";
const queues = "foedus.task.v1.QueueService";

/** An id like the hub's; the higher the number, the newer. */
export function taskIdOf(at: number): string {
  return `task_${String(at).padStart(26, "0")}`;
}

/** A task that waits in a queue. */
export function waiting(at: number, kind: string, more: TaskInit = {}): TaskInit {
  const spec = { queue: "crowd", kind, priority: 5 };
  return { id: taskIdOf(at), state: TaskState.SUBMITTED, revision: 1n, spec, ...more };
}

/** The page is told of these queues from its next visit on, and of what is told then. */
export async function tellQueues(
  page: Page,
  told: readonly QueueInit[],
): Promise<OpenStream<typeof WatchQueuesResponseSchema>> {
  const first = { queues: [...told] };
  for (const queue of told.slice(0, 1)) {
    await answer(page, `${queues}/GetQueue`, GetQueueResponseSchema, { queue });
  }
  return await openStream(page, `${queues}/WatchQueues`, WatchQueuesResponseSchema, first);
}

/** The page is told of these tasks whenever it asks for a page of them. */
export async function tellTasks(
  page: Page,
  told: readonly TaskInit[],
  nextPageToken = "",
): Promise<void> {
  const method = `${tasks}/ListTasks`;
  await page.unroute(`**/${method}`);
  await answer(page, method, ListTasksResponseSchema, { tasks: [...told], nextPageToken });
}

/** The page is told of this one task. */
export async function tellTask(
  page: Page,
  task: TaskInit,
  told: {
    readonly explain: MessageInitShape<typeof ExplainTaskResponseSchema>;
    readonly steps: MessageInitShape<typeof ListTaskStepsResponseSchema>["steps"];
  },
): Promise<OpenStream<typeof WatchTaskResponseSchema>> {
  await answer(page, `${tasks}/ExplainTask`, ExplainTaskResponseSchema, told.explain);
  await answer(page, `${tasks}/ListTaskSteps`, ListTaskStepsResponseSchema, {
    steps: told.steps ?? [],
  });
  return await openStream(page, `${tasks}/WatchTask`, WatchTaskResponseSchema, { task });
}
