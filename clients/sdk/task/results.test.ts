// The ends of very many tasks: what is asked of the hub for them.
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { expect, onTestFinished, test } from "vitest";
import { openTasks } from "./tasks.open.ts";

/** What one call carries. */
const idsMax = 1_000;

/** What a hub does with a call before it answers; `signal` says that nobody waits any more. */
type Holds = (asked: readonly (readonly string[])[], signal: AbortSignal) => unknown;

/** Somebody whose tasks ended long since, but those called endless, and what is asked for them. */
function waiting(holds: Holds = () => undefined) {
  const asked: (readonly string[])[] = [];
  const transport = createRouterTransport(({ service }) => {
    service(TaskService, {
      waitTasks: async ({ taskIds }, { signal }) => {
        asked.push(taskIds);
        const ended = taskIds.filter((id) => !id.startsWith("endless"));
        // As a hub would: it waits for the first to end.
        if (ended.length === 0) await new Promise((done) => signal.addEventListener("abort", done));
        await holds(asked, signal);
        return { tasks: ended.map((id) => ({ id, state: TaskState.COMPLETED })) };
      },
    });
  });
  const over = new AbortController();
  onTestFinished(() => over.abort(new Error("the test is over")));
  const client = createClient(TaskService, transport);
  const tasks = openTasks({ world: realWorld, client, ended: over.signal, hubNow: () => 0 });
  return { tasks, asked };
}

const named = (count: number) => Array.from({ length: count }, (_, at) => `task_${at}`);

test("for the ends of many tasks each is asked for once", async () => {
  const ids = named(20 * idsMax);
  let next = Promise.withResolvers<void>();
  // Each call but the first and the last is still there when the one after it comes.
  const { tasks, asked } = waiting(async (each, signal) => {
    next.resolve();
    next = Promise.withResolvers();
    if (each.length === 1 || new Set(each.flat()).size === ids.length) return;
    signal.addEventListener("abort", () => next.resolve());
    await next.promise;
  });
  const told = new Set<string>();
  for await (const { taskId } of tasks.results(ids)) told.add(taskId);
  expect(told.size).toBe(ids.length);
  expect(asked).toHaveLength(ids.length / idsMax);
  expect(asked.flat()).toHaveLength(ids.length);
});

test("whoever reads nothing is not asked for, and others who wait are", async () => {
  const { tasks, asked } = waiting();
  const ids = named(5 * idsMax);
  const ends = tasks.results(ids);
  await ends.next();
  const { task } = await tasks.result("task_other");
  expect(task.id).toBe("task_other");
  const last = ids.at(-1) ?? "";
  expect((await tasks.result(last)).task.id).toBe(last);
  expect(asked.flat().length).toBeLessThanOrEqual(2 * idsMax + 2);
  const told = [];
  for await (const { taskId } of ends) told.push(taskId);
  expect(told).toHaveLength(ids.length - 1);
});

test("many that come to two calls which last are asked for soon", async () => {
  const { tasks, asked } = waiting();
  const giveUp = new AbortController();
  const { signal } = giveUp;
  const waits: Promise<unknown>[] = [];
  for (const id of ["endless_1", "endless_2"]) {
    waits.push(tasks.result(id, { signal }));
    await expect.poll(() => asked.length).toBe(waits.length);
  }
  const ids = named(3 * idsMax);
  const told = [];
  for await (const { taskId } of tasks.results(ids)) told.push(taskId);
  expect(told).toHaveLength(ids.length);
  giveUp.abort(new Error("enough"));
  for (const { status } of await Promise.allSettled(waits)) expect(status).toBe("rejected");
});
