import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestHub, type TestHub } from "../../../tests/support/federated.ts";
import { FoedusError } from "../error.ts";
import { patient } from "../../../tests/support/tasked.ts";

let hub: TestHub;
beforeAll(async () => (hub = await startTestHub()));
afterAll(() => hub.stop());

let made = 0;
const newQueue = () => `queue-${++made}`;

test("what is submitted is done, and its result comes back", async () => {
  const node = await hub.node("simple");
  const queue = newQueue();
  await using worker = node.work({ queue, concurrency: 4 }, async (job) => {
    const { words } = job.json() as { words: string };
    return { count: words.split(" ").length, attempt: job.attempt, kind: job.kind };
  });
  const wish = { queue, kind: "count", payload: { words: "one two three" } };
  const { task, existed } = await node.tasks.submit(wish);
  expect(existed).toBe(false);
  const result = await node.tasks.result(task.id);
  expect(result.json()).toEqual({ count: 3, attempt: 1, kind: "count" });
  await expect
    .poll(() => worker.status(), patient)
    .toMatchObject({
      completed: 1,
      holds: [],
      room: 4,
      connection: "open",
    });
});

test("never more than its concurrency are underway, and all are done", async () => {
  const node = await hub.node("bounded");
  const queue = newQueue();
  let [now, most] = [0, 0];
  await using _ = node.work({ queue, concurrency: 3 }, async (job) => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    return job.payload;
  });
  const wishes = Array.from({ length: 40 }, (_, at) => ({ queue, kind: "k", payload: at }));
  const submitted = await node.tasks.submitMany(wishes);
  const results = await Promise.all(submitted.map(({ taskId }) => node.tasks.result(taskId)));
  expect(new Set(results.map(({ payload }) => payload.body.join())).size).toBe(40);
  expect(most).toBe(3);
});

test("an agent does tasks in its own name; one that may only look is told so", async () => {
  const node = await hub.node("agents");
  const queue = newQueue();
  await using agent = await node.agent("reader", { role: Role.MEMBER });
  await using _ = agent.work({ queue }, ({ task }) => task.submitter);
  const { task } = await agent.tasks.submit({ queue, kind: "k" });
  expect((await agent.tasks.result(task.id)).json()).toBe(agent.spiffeId);
  await using observer = await node.agent("watcher");
  expect((await observer.tasks.get(task.id)).state).toBe(TaskState.COMPLETED);
  await expect(observer.tasks.submit({ queue, kind: "k" })).rejects.toBeInstanceOf(FoedusError);
});

test("what no worker can be is refused at once", async () => {
  const node = await hub.node("odd");
  const refused = { reason: Reason.INVALID_REQUEST };
  const wrong = [
    { queue: "Upper" },
    { queue: "" },
    { queue: "q", concurrency: 0 },
    { queue: "q", concurrency: 1_001 },
    { queue: "q", name: "" },
    { queue: "q", name: "n".repeat(65) },
  ];
  for (const each of wrong) {
    expect(() => node.work(each, () => undefined)).toThrow(expect.objectContaining(refused));
  }
  await using _ = node.work({ queue: "q", name: "one", concurrency: 1_000 }, () => undefined);
  expect(() => node.work({ queue: "q", name: "one" }, () => undefined)).toThrow("already");
});

test("a key that is taken leads to the task that has it", async () => {
  const node = await hub.node("keyed");
  const wish = { queue: newQueue(), kind: "k", uniqueKey: "only", delayMs: 3_600_000 };
  const first = await node.tasks.submit(wish);
  const second = await node.tasks.submit(wish);
  expect([first.existed, second.existed, second.task.id]).toEqual([false, true, first.task.id]);
  expect(first.task.state).toBe(TaskState.SCHEDULED);
  const { summary } = await node.tasks.explain(first.task.id);
  expect(summary).not.toBe("");
  await node.tasks.cancel(first.task.id);
  const told = { reason: "CANCELED", isFinal: true };
  await expect(node.tasks.result(first.task.id)).rejects.toMatchObject(told);
});

test("whoever waits for a result can give up", async () => {
  const node = await hub.node("hasty");
  const { task } = await node.tasks.submit({ queue: newQueue(), kind: "k" });
  const giveUp = new AbortController();
  const result = node.tasks.result(task.id, { signal: giveUp.signal });
  giveUp.abort(new Error("no longer needed"));
  await expect(result).rejects.toThrow("no longer needed");
  await expect(node.tasks.get("task_none")).rejects.toMatchObject({ reason: Reason.NOT_FOUND });
});
