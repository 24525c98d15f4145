// Queues, and looking at tasks while they go on.
import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Queue } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { NeedsSchema, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { expect, onTestFinished, test } from "vitest";
import { sharedHub } from "../../../tests/support/hub.shared.ts";
import { joinNode } from "../../../tests/support/joined.ts";
import { newQueue, openShift, patient, taskCalls } from "../../../tests/support/tasked.ts";

const local = sharedHub();
const owner = () => taskCalls(local);
const setOf = (queue: string, settings: object, fields: string[]) =>
  owner().queues.setQueue({ requestId: randomUUID(), queue, settings, fields });

test("a queue shows what waits in it by priority and key, and what is set of it stays", async () => {
  const queue = newQueue();
  await setOf(queue, { weights: { big: 2 }, depthMax: 3 }, ["weights", "depth_max"]);
  const { submit, queues } = owner();
  await submit({ queue, priority: 9, fairnessKey: "big" });
  await submit({ queue, fairnessKey: "big" });
  await submit({ queue });
  const full = { reason: Reason.TASK_QUEUE_FULL };
  await expect(submit({ queue })).rejects.toMatchObject(full);
  const shown = await queues.getQueue({ queue });
  expect(shown.queue).toMatchObject({ ready: 3n, settings: { depthMax: 3, weights: { big: 2 } } });
  expect(shown.queue?.oldestReadyTime).toBeDefined();
  expect(shown.priorities).toMatchObject([
    { name: "9", ready: 1n },
    { name: "5", ready: 2n },
  ]);
  expect(shown.keys).toMatchObject([
    { name: "big", ready: 2n, weight: 2 },
    { name: "", ready: 1n, weight: 1 },
  ]);
  const none = queues.getQueue({ queue: newQueue() });
  await expect(none).rejects.toMatchObject({ reason: Reason.NOT_FOUND });
  const { queues: all } = await queues.listQueues({});
  expect(all.map(({ name }) => name)).toContain(queue);
});

test("who watches queues is told of all, and then of those that change", async () => {
  const queue = newQueue();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const told: Queue[] = [];
  const { queues, submit } = owner();
  await submit({ queue });
  void (async () => {
    for await (const item of queues.watchQueues({}, { signal: stop.signal })) {
      told.push(...item.queues);
    }
  })().catch(() => undefined);
  const last = () => told.findLast(({ name }) => name === queue);
  await expect.poll(() => last()?.ready, patient).toBe(1n);
  await submit({ queue });
  await expect.poll(() => last()?.ready, patient).toBe(2n);
});

test("who watches a task is told of each change until it has ended", async () => {
  const queue = newQueue();
  const { tasks, submit } = owner();
  const { id: taskId } = await submit({ queue });
  const states: TaskState[] = [];
  const ended = (async () => {
    for await (const { task } of tasks.watchTask({ taskId })) states.push(task?.state ?? 0);
  })();
  await expect.poll(() => states, patient).toEqual([TaskState.SUBMITTED]);
  const worker = taskCalls(local, (await joinNode(local.hub)).caller);
  const held = await worker.claim(queue);
  await expect.poll(() => states, patient).toContain(TaskState.WORKING);
  await worker.complete(...held);
  await ended;
  expect(states.at(-1)).toBe(TaskState.COMPLETED);
});

test("why a task waits is said with who can end it, and who could take it", async () => {
  const queue = newQueue();
  const { tasks, submit } = owner();
  await submit({ queue, priority: 10 });
  const { id } = await submit({ queue, needs: create(NeedsSchema, { capabilities: ["ocr"] }) });
  const explain = (taskId: string) => tasks.explainTask({ taskId });
  const nobody = await explain(id);
  expect(nobody.summary).toBe(
    `It waits for a worker of ${queue} that can do it: none is connected.`,
  );
  expect(nobody).toMatchObject({ candidates: [], before: 1n, beforeByPriority: 1n });
  expect(nobody.waits.every(({ command }) => command.startsWith("foedus "))).toBe(true);
  const { caller } = await joinNode(local.hub);
  const shift = openShift(taskCalls(local, caller), { queue, name: "plain", concurrency: 1 });
  openShift(taskCalls(local, caller), { queue, name: "reader", capabilities: ["ocr"] });
  const found = async () => (await explain(id)).candidates.map(({ worker }) => worker);
  await expect.poll(found, patient).toEqual(["reader", "plain"]);
  const { candidates } = await explain(id);
  expect(candidates.map(({ fits }) => fits)).toEqual([true, false]);
  expect(candidates[1]?.obstacles).toContain("offers no ocr");
  shift.say({ case: "room", value: 1 });
  await expect.poll(() => shift.assigned().length, patient).toBe(1);
  const working = await explain(shift.assigned()[0]?.task?.id ?? "");
  expect(working.summary).toContain("It is being done by worker plain");
});
