import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestHub, type TestHub } from "../../../tests/support/federated.ts";
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
