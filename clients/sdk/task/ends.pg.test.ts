// Waiting for many results at once: how many calls it takes, and what interrupts it.
import { randomUUID } from "node:crypto";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { Client } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { testHub } from "../../../tests/support/federated.ts";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import { freely, joinNode } from "../../../tests/support/joined.ts";
import { patient, taskCalls } from "../../../tests/support/tasked.ts";
import { unreadMax } from "./results.ts";
import { openTasks } from "./tasks.open.ts";

let local: LocalHub;
beforeAll(async () => {
  local = await startLocalHub({ values: freely });
});
afterAll(() => local.stop());

let made = 0;
const newQueue = () => `queue-${++made}`;

/** Tasks of a node that counts its waits, and somebody who does them. */
async function counted() {
  const worker = taskCalls(local, (await joinNode(local.hub)).caller);
  const { caller } = await joinNode(local.hub);
  const inner: Client<typeof TaskService> = local.hub.calls.as(TaskService, caller);
  const calls = { made: 0, now: 0, most: 0, lastAsked: 0 };
  const client: Client<typeof TaskService> = {
    ...inner,
    waitTasks: async (request, options) => {
      calls.made += 1;
      calls.lastAsked = request.taskIds?.length ?? 0;
      calls.most = Math.max(calls.most, ++calls.now);
      return await inner.waitTasks(request, options).finally(() => (calls.now -= 1));
    },
  };
  const over = new AbortController();
  onTestFinished(() => over.abort(new Error("the test is over")));
  const hubNow = () => local.hub.storage.nowMs();
  const tasks = openTasks({ world: realWorld, client, ended: over.signal, hubNow });
  const submit = async (queue: string, count: number) => {
    const wishes = Array.from({ length: count }, () => ({ queue, kind: "k" }));
    return (await tasks.submitMany(wishes)).map(({ taskId }) => taskId);
  };
  const finish = async (queue: string, count = 256) =>
    (await worker.complete(...(await worker.claim(queue, { count })))).length;
  return { tasks, calls, submit, finish };
}

test("a thousand results cost few calls", async () => {
  const { tasks, calls, submit, finish } = await counted();
  const queue = newQueue();
  const ids = await submit(queue, 1_000);
  const results = Promise.all(ids.map((id) => tasks.result(id)));
  await expect.poll(() => calls.now, patient).toBe(1);
  for (let done = 0; done < ids.length;) done += await finish(queue);
  expect((await results).map(({ task }) => task.id)).toEqual(ids);
  expect(calls.made).toBeLessThan(100);
  expect(calls.most).toBeLessThanOrEqual(2);
});

test("who begins to wait later is not kept waiting by those who wait already", async () => {
  const { tasks, calls, submit, finish } = await counted();
  const [never, soon] = [newQueue(), newQueue()];
  const giveUp = new AbortController();
  const endless: Promise<unknown>[] = [];
  for (const [at, id] of (await submit(never, 2)).entries()) {
    endless.push(tasks.result(id, { signal: giveUp.signal }));
    await expect.poll(() => calls.now, patient).toBe(at + 1);
  }
  const [id = "", other = ""] = await submit(soon, 2);
  const results = [tasks.result(id), tasks.result(id), tasks.result(other)];
  await finish(soon);
  expect((await Promise.all(results)).map(({ task }) => task.id)).toEqual([id, id, other]);
  expect(calls.most).toBe(2);
  giveUp.abort(new Error("enough"));
  const told = await Promise.allSettled(endless);
  expect(told).toMatchObject(told.map(() => ({ reason: { message: "enough" } })));
});

test("of more than all calls carry, everyone has a turn", async () => {
  const { tasks, calls, submit, finish } = await counted();
  const [never, last] = [newQueue(), newQueue()];
  const others = [
    await submit(never, 1_000),
    await submit(never, 1_000),
    await submit(never, 1_000),
  ];
  const giveUp = new AbortController();
  const waits = others.flat().map((id) => tasks.result(id, { signal: giveUp.signal }));
  const [id = ""] = await submit(last, 1);
  const result = tasks.result(id);
  await finish(last);
  expect((await result).task.id).toBe(id);
  expect(calls.most).toBeLessThanOrEqual(2);
  giveUp.abort(new Error("enough"));
  const told = await Promise.allSettled(waits);
  expect(new Set(told.map(({ status }) => status))).toEqual(new Set(["rejected"]));
  await expect.poll(() => calls.now, patient).toBe(0);
});

test("a task that is not there is named to who waits for it, and to nobody else", async () => {
  const { tasks, submit, finish } = await counted();
  const queue = newQueue();
  const [id = ""] = await submit(queue, 1);
  const both = [tasks.result("task_none"), tasks.result(id)];
  await expect(both[0]).rejects.toMatchObject({
    reason: Reason.NOT_FOUND,
    message: expect.stringContaining("task_none") as unknown,
  });
  await finish(queue);
  expect((await both[1])?.task.id).toBe(id);
  await expect(tasks.result("x".repeat(64))).rejects.toMatchObject({ reason: Reason.NOT_FOUND });
  await expect(tasks.result("x".repeat(65))).rejects.toMatchObject({
    reason: Reason.INVALID_REQUEST,
  });
});

test("the ends of many come as they are, each once, whatever each came to", async () => {
  const { tasks, submit, finish } = await counted();
  const [first, second, third] = [newQueue(), newQueue(), newQueue()];
  const [slow = ""] = await submit(first, 1);
  const [quick = ""] = await submit(second, 1);
  const [off = ""] = await submit(third, 1);
  const ends = tasks.results([slow, quick, "task_none", quick, off, "x".repeat(65)]);
  const refused = [(await ends.next()).value, (await ends.next()).value];
  expect(refused).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        taskId: "task_none",
        error: expect.objectContaining({ reason: Reason.NOT_FOUND }) as unknown,
      }),
      expect.objectContaining({
        taskId: "x".repeat(65),
        error: expect.objectContaining({ reason: Reason.INVALID_REQUEST }) as unknown,
      }),
    ]),
  );
  await finish(second);
  const done = (await ends.next()).value;
  expect(done).toMatchObject({ taskId: quick, task: { id: quick } });
  expect(done?.result?.payload.body).toEqual(new Uint8Array([1]));
  await tasks.cancel(off, "no need");
  expect((await ends.next()).value).toMatchObject({
    taskId: off,
    task: { id: off },
    error: { reason: "CANCELED" },
  });
  await finish(first);
  expect((await ends.next()).value).toMatchObject({ taskId: slow });
  expect(await ends.next()).toEqual({ done: true, value: undefined });
  expect(await tasks.results([]).next()).toEqual({ done: true, value: undefined });
});

test("with as many unread ends as are kept the hub is not asked, and all are told in the end", async () => {
  const { tasks, calls, submit, finish } = await counted();
  const queue = newQueue();
  const ids = await submit(queue, unreadMax + 3);
  const ends = tasks.results(ids);
  const begun = ends.next();
  await expect.poll(() => calls.now, patient).toBe(1);
  await finish(queue, 1);
  const told = [(await begun).value?.taskId];
  for (let left = unreadMax - 1; left > 0;) left -= await finish(queue, left);
  await expect.poll(() => [calls.now, calls.lastAsked], patient).toEqual([1, 3]);
  await finish(queue, 1);
  await expect.poll(() => calls.now, patient).toBe(0);
  await finish(queue);
  const { made } = calls;
  for (let at = 0; at < unreadMax; at++) told.push((await ends.next()).value?.taskId);
  expect(calls.made).toBe(made);
  for await (const { taskId } of ends) told.push(taskId);
  expect(told).toHaveLength(ids.length);
  expect(new Set(told)).toEqual(new Set(ids));
});

test("whoever waits for many can give up, and then nobody is asked", async () => {
  const { tasks, calls, submit } = await counted();
  const ids = await submit(newQueue(), 2);
  const giveUp = new AbortController();
  const next = tasks.results(ids, { signal: giveUp.signal }).next();
  await expect.poll(() => calls.now, patient).toBe(1);
  giveUp.abort(new Error("enough"));
  await expect(next).rejects.toThrow("enough");
  await expect.poll(() => calls.now, patient).toBe(0);
  const late = tasks.results(ids, { signal: giveUp.signal });
  await expect(late.next()).rejects.toThrow("enough");
});

test("a thousand results of one node, though the hub starts again meanwhile", async () => {
  const hub = await testHub();
  const node = await hub.node("waiter");
  const queue = `queue-${randomUUID()}`;
  let done = 0;
  const half = Promise.withResolvers<void>();
  await using _ = node.work({ queue, concurrency: 50 }, ({ json }) => {
    done += 1;
    if (done === 500) half.resolve();
    return json();
  });
  // What was on its way when the hub died does not wait for its lease.
  const timeouts = { heartbeat: durationFromMs(3_600_000) };
  const wishes = Array.from({ length: 1_000 }, (_one, at) => ({
    queue,
    kind: "k",
    payload: at,
    timeouts,
  }));
  const submitted = await node.tasks.submitMany(wishes);
  const results = Promise.all(submitted.map(({ taskId }) => node.tasks.result(taskId)));
  await half.promise;
  await hub.restart();
  expect((await results).map((result) => result.json())).toEqual(wishes.map((_one, at) => at));
});
