// Doing work: claims that wait, and workers over a stream.
import { randomUUID } from "node:crypto";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs, durationMs } from "@bufbuild/protobuf/wkt";
import { NeedsSchema, PayloadSchema, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { ReportSchema, Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { ReportTasksRequestSchema } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { expect, test } from "vitest";
import { sharedHub } from "../../../tests/support/hub.shared.ts";
import { joinNode, registeredNode } from "../../../tests/support/joined.ts";
import { newQueue, openShift, patient, taskCalls } from "../../../tests/support/tasked.ts";

const local = sharedHub();
const longMs = 60_000;

async function workerOf() {
  return taskCalls(local, (await joinNode(local.hub)).caller);
}

/** Resolves once so many claims wait in the hub. */
async function untilWaiting(queue: string, count: number) {
  const { work } = taskCalls(local);
  const waiting = async () => (await work.listWorkers({ queue })).workers.length;
  await expect.poll(waiting, patient).toBe(count);
}

test("a claim waits for the first task, and each of many tasks goes to one of many", async () => {
  const queue = newQueue();
  const worker = await workerOf();
  const names = Array.from({ length: 8 }, (_, at) => `w${at}`);
  const claims = names.map((name) => worker.claim(queue, { waitMs: longMs, worker: { name } }));
  await untilWaiting(queue, names.length);
  const specs = names.map(() => ({ queue, kind: "scan" }));
  await taskCalls(local).tasks.submitTasks({ requestId: randomUUID(), specs });
  const got = (await Promise.all(claims)).flat().map(({ task }) => task?.id);
  expect(got).toHaveLength(names.length);
  expect(new Set(got).size).toBe(names.length);
});

test("a claim that is asked again gets the same holds, and another one does not", async () => {
  const queue = newQueue();
  const worker = await workerOf();
  await taskCalls(local).submit({ queue });
  const claimId = randomUUID();
  const [first] = await worker.claim(queue, { claimId });
  const [again] = await worker.claim(queue, { claimId, count: 5 });
  expect(again?.hold).toEqual(first?.hold);
  expect(await worker.claim(queue)).toEqual([]);
});

test("a worker gets only what it fits", async () => {
  const queue = newQueue();
  const node = await registeredNode(local.hub);
  const worker = taskCalls(local, node.caller);
  const owner = taskCalls(local);
  const needs: MessageInitShape<typeof NeedsSchema>[] = [
    { capabilities: ["ocr"] },
    { model: "large" },
    { labels: { region: "eu" } },
    { labels: { project: "test" } },
    { nodeId: node.id },
    { nodeId: "node_of_nobody" },
  ];
  for (const each of needs) await owner.submit({ queue, needs: create(NeedsSchema, each) });
  const kindsOf = async (offer: Parameters<typeof worker.claim>[1]) =>
    (await worker.claim(queue, { count: 10, ...offer })).map(({ task }) => task?.spec?.needs);
  // Its node and the words of its node's profile are its own without saying so.
  expect(await kindsOf({})).toHaveLength(2);
  const offer = { capabilities: ["ocr"], models: ["large"], labels: { region: "eu" } };
  expect(await kindsOf({ worker: offer })).toHaveLength(3);
});

test("a stream brings as many tasks as there is room for, and more as they end", async () => {
  const queue = newQueue();
  const shift = openShift(await workerOf(), { queue });
  const specs = Array.from({ length: 6 }, () => ({ queue, kind: "scan" }));
  await taskCalls(local).tasks.submitTasks({ requestId: randomUUID(), specs });
  shift.say({ case: "room", value: 2 });
  await expect.poll(() => shift.assigned().length, patient).toBe(2);
  for (let done = 0; done < specs.length; done++) {
    await expect.poll(() => shift.assigned().length, patient).toBeGreaterThan(done);
    const hold = shift.assigned()[done]?.hold;
    if (hold === undefined) throw new Error("assigned, and no hold");
    shift.say({ case: "report", value: { hold, said: { case: "result", value: {} } } as never });
    await expect.poll(() => shift.receipts().length, patient).toBe(done + 1);
    expect(shift.assigned().length).toBeLessThanOrEqual(done + 3);
  }
  expect(shift.receipts().every(({ verdict }) => verdict === Verdict.TAKEN)).toBe(true);
  const { workers } = await taskCalls(local).work.listWorkers({ queue });
  expect(workers).toMatchObject([{ completed: 6n, failed: 0n, holds: [] }]);
});

test("words that come together are stored and answered, each by itself", async () => {
  const queue = newQueue();
  const shift = openShift(await workerOf(), { queue });
  const specs = Array.from({ length: 4 }, () => ({ queue, kind: "scan" }));
  await taskCalls(local).tasks.submitTasks({ requestId: randomUUID(), specs });
  shift.say({ case: "room", value: 4 });
  await expect.poll(() => shift.assigned().length, patient).toBe(4);
  const reports = shift.assigned().map(({ hold }, at) => {
    const fence = (hold?.fence ?? 0n) + (at === 3 ? 9n : 0n);
    const said = { case: "result", value: create(PayloadSchema) } as const;
    return create(ReportSchema, { hold: { taskId: hold?.taskId ?? "", fence }, said });
  });
  shift.say({ case: "reports", value: create(ReportTasksRequestSchema, { reports }) });
  await expect.poll(() => shift.receipts().length, patient).toBe(4);
  const verdicts = shift.receipts().map(({ verdict }) => verdict);
  const { TAKEN, UNKNOWN } = Verdict;
  expect(verdicts).toEqual([TAKEN, TAKEN, TAKEN, UNKNOWN]);
});

test("signs of life renew what a worker holds, and tell it what to stop", async () => {
  const queue = newQueue();
  const worker = await workerOf();
  const shift = openShift(worker, { queue });
  const owner = taskCalls(local);
  const { id: taskId } = await owner.submit({
    queue,
    timeouts: { heartbeat: durationFromMs(2_000) },
  });
  shift.say({ case: "room", value: 1 });
  await expect.poll(() => shift.assigned().length, patient).toBe(1);
  const leaseOf = async () => (await owner.get(taskId)).attempt?.leaseExpireTime;
  const before = await leaseOf();
  await expect
    .poll(async () => {
      shift.say({ case: "beat", value: true });
      return await leaseOf();
    }, patient)
    .not.toEqual(before);
  await owner.tasks.cancelTask({ requestId: randomUUID(), taskId, reason: "no more" });
  await expect.poll(() => shift.stops(), patient).toMatchObject([{ reason: "no more" }]);
  shift.say({ case: "beat", value: true });
  const told = { cancelRequested: true, cancelReason: "no more", verdict: Verdict.TAKEN };
  await expect.poll(() => shift.receipts()[0], patient).toMatchObject(told);
});

test("a hold of a worker that is gone lapses, and what it says later is lost", async () => {
  const queue = newQueue();
  const shift = openShift(await workerOf(), { queue });
  const { id: taskId } = await taskCalls(local).submit({
    queue,
    timeouts: { heartbeat: durationFromMs(1_000) },
    retry: { initialInterval: durationFromMs(1) },
  });
  shift.say({ case: "room", value: 1 });
  await expect.poll(() => shift.assigned().length, patient).toBe(1);
  shift.leave();
  const other = await workerOf();
  const [again] = await other.claim(queue, { waitMs: longMs });
  expect(again?.task?.id).toBe(taskId);
  expect(again?.hold?.fence).toBeGreaterThan(shift.assigned()[0]?.hold?.fence ?? 0n);
  const { state } = await taskCalls(local).get(taskId);
  expect(state).toBe(TaskState.WORKING);
});

test("what the hub takes back has its place until its worker's next word", async () => {
  const queue = newQueue();
  const shift = openShift(await workerOf(), { queue, concurrency: 1 });
  const owner = taskCalls(local);
  const retry = { initialInterval: durationFromMs(3_600_000) };
  const timeouts = { startToClose: durationFromMs(1_000) };
  const { id: late } = await owner.submit({ queue, timeouts, retry });
  shift.say({ case: "room", value: 1 });
  await expect.poll(() => shift.assigned().length, patient).toBe(1);
  const { id: next } = await owner.submit({ queue });
  await expect.poll(() => shift.stops().length, patient).toBe(1);
  expect(shift.stops()).toMatchObject([{ hold: shift.assigned()[0]?.hold }]);
  expect(shift.stops()[0]?.reason).toContain("TASK_TIMED_OUT");
  expect(shift.assigned()).toHaveLength(1);
  shift.say({ case: "beat", value: true });
  await expect
    .poll(() => shift.assigned().map(({ task }) => task?.id), patient)
    .toEqual([late, next]);
  const { workers } = await owner.work.listWorkers({ queue });
  expect(workers).toMatchObject([{ holds: [{ taskId: next }], room: 0 }]);
});

test("who let a lease lapse in silence gets nothing more until it says a word", async () => {
  const queue = newQueue();
  const shift = openShift(await workerOf(), { queue, concurrency: 4 });
  shift.say({ case: "room", value: 4 });
  const owner = taskCalls(local);
  const rooms = async () => {
    const { workers } = await owner.work.listWorkers({ queue });
    return workers.find(({ worker }) => worker?.name === "w")?.room;
  };
  await expect.poll(rooms, patient).toBe(4);
  const timeouts = { heartbeat: durationFromMs(1_000) };
  const retry = { initialInterval: durationFromMs(3_600_000) };
  const { id: lapsing } = await owner.submit({ queue, timeouts, retry });
  await expect.poll(rooms, patient).toBe(0);
  expect(shift.stops()).toEqual([]);
  const { id: next } = await owner.submit({ queue });
  const [other] = await (await workerOf()).claim(queue, { waitMs: longMs, worker: { name: "b" } });
  expect(other?.task).toMatchObject({ id: next, attempt: { number: 1 } });
  const ids = () => shift.assigned().map(({ task }) => task?.id);
  expect(ids()).toEqual([lapsing]);
  const { id: after } = await owner.submit({ queue });
  shift.say({ case: "beat", value: true });
  await expect.poll(ids, patient).toEqual([lapsing, after]);
  await expect.poll(rooms, patient).toBe(3);
});

test("who takes a short hold along to another stream is asked for signs as often", async () => {
  const queue = newQueue();
  const worker = await workerOf();
  await taskCalls(local).submit({ queue, timeouts: { heartbeat: durationFromMs(3_000) } });
  const [assigned] = await worker.claim(queue);
  const shift = openShift(worker, { queue });
  const report = create(ReportSchema, { hold: assigned?.hold });
  shift.say({ case: "report", value: report });
  await expect.poll(() => shift.of("beatEvery").length, patient).toBe(2);
  const [, sooner] = shift.of("beatEvery").map(({ value }) => durationMs(value));
  expect(sooner).toBeLessThanOrEqual(1_000);
});

test("a queue that goes on serves those who wait at it", async () => {
  const queue = newQueue();
  const owner = taskCalls(local);
  const set = (paused: boolean) =>
    owner.queues.setQueue({
      requestId: randomUUID(),
      queue,
      settings: { paused, pauseReason: "for a test" },
      fields: ["paused", "pause_reason"],
    });
  await set(true);
  const { id } = await owner.submit({ queue });
  const claim = (await workerOf()).claim(queue, { waitMs: longMs });
  await untilWaiting(queue, 1);
  const { waits, summary } = await owner.tasks.explainTask({ taskId: id });
  expect(summary).toContain("which is paused: for a test");
  expect(waits[0]).toMatchObject({ whoCanEndIt: "an admin" });
  await set(false);
  expect((await claim)[0]?.task?.id).toBe(id);
});
