import type { Client } from "@connectrpc/connect";
import type { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import type { Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { newUuid } from "@foedus/kernel/ids.ts";
import type { World } from "@foedus/kernel/world.ts";
import { FoedusError } from "../error.ts";
import { askerOf, pagesOf, type Ask } from "./asking.ts";
import { Ends } from "./ends.ts";
import { resultOf } from "./result.ts";
import { resultsOf } from "./results.ts";
import type { AskOptions, Submission, TaskFilter, Tasks } from "./tasks.ts";
import { watchTask } from "./watch.ts";
import { specOf, type TaskWish } from "./wish.ts";

/** What submitting runs on. */
export interface TasksKit {
  readonly world: World;
  readonly client: Client<typeof TaskService>;
  /** Ends every call; its reason is a FoedusError. */
  readonly ended: AbortSignal;
  readonly moving?: () => AbortSignal;
  /** Told of each failure that waiting for ends outlasts. */
  readonly interrupted?: (error: FoedusError) => void;
  /** The hub's time. */
  readonly hubNow: () => number;
}

/** Tasks as those see them who want them done. */
export function openTasks(kit: TasksKit): Tasks {
  const ask = askerOf(kit.world, kit.ended);
  const { client } = kit;
  const ends = new Ends(kit);
  return {
    ...submitting(kit, ask),
    ...deciding(kit, ask),
    get: (taskId, options) =>
      ask(async (each) => present((await client.getTask({ taskId }, each)).task), options),
    list: (filter, options) => listTasks(kit, ask, filter, options),
    async *steps(taskId, options) {
      const read = (page: { token: string }) =>
        ask((each) => client.listTaskSteps({ taskId, page }, each), options);
      for await (const { steps } of pagesOf(read)) yield* steps;
    },
    watch: (taskId, options) => watchTask(kit, taskId, options),
    result: (taskId, options) => resultOf(ends, taskId, options),
    results: (taskIds, options) => resultsOf({ ends, ended: kit.ended }, taskIds, options),
    explain: (taskId, options) => ask((each) => client.explainTask({ taskId }, each), options),
  };
}

function submitting({ client, world, hubNow }: TasksKit, ask: Ask): Submitting {
  return {
    submit(wish: TaskWish, options?: AskOptions): Promise<Submission> {
      const request = { requestId: newUuid(world.random), spec: specOf(wish, hubNow()) };
      return ask(async (each) => {
        const { task, existed } = await client.submitTask(request, each);
        return { task: present(task), existed };
      }, options);
    },
    submitMany(wishes, options) {
      const specs = wishes.map((wish) => specOf(wish, hubNow()));
      const request = { requestId: newUuid(world.random), specs };
      return ask(async (each) => (await client.submitTasks(request, each)).submitted, options);
    },
  };
}

type Submitting = Pick<Tasks, "submit" | "submitMany">;

function deciding({ client, world }: TasksKit, ask: Ask): Pick<Tasks, "cancel" | "retry"> {
  return {
    cancel(taskId, reason = "", options = {}) {
      const request = { requestId: newUuid(world.random), taskId, reason };
      return ask(async (each) => present((await client.cancelTask(request, each)).task), options);
    },
    retry(taskId, options) {
      const request = { requestId: newUuid(world.random), taskId };
      return ask(async (each) => present((await client.retryTask(request, each)).task), options);
    },
  };
}

async function* listTasks(
  { client }: TasksKit,
  ask: Ask,
  filter: TaskFilter = {},
  options?: AskOptions,
): AsyncGenerator<Task, void, void> {
  const read = (page: { token: string }) =>
    ask((each) => client.listTasks({ ...filter, page }, each), options);
  for await (const { tasks } of pagesOf(read)) yield* tasks;
}

function present(task: Task | undefined): Task {
  if (task !== undefined) return task;
  throw new FoedusError(Reason.UNSPECIFIED, {}, { message: "the hub answered without a task" });
}
