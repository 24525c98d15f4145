// Two processes of a hub over one database: what is submitted at one is worked on at the other.
import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { durationFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { ReportSchema, Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { expect, test } from "vitest";
import type { LocalHub } from "../../../tests/support/hub.local.ts";
import { sharedProcesses } from "../../../tests/support/hub.shared.ts";
import { joinNode } from "../../../tests/support/joined.ts";
import { openShift, patient, taskCalls } from "../../../tests/support/tasked.ts";

const [one, other] = sharedProcesses();

const longMs = 60_000;
/** More than what clocks of two processes are apart, however slow the machine is. */
const apartMs = 1_000;

/** Resolves once both know of each other. */
async function untilBothAreThere() {
  const live = ({ hub }: LocalHub) => hub.processes.list().filter((each) => each.live).length;
  await expect.poll(() => [live(one), live(other)], patient).toEqual([2, 2]);
}

test("workers at either process are known at both, with what they would take", async () => {
  await untilBothAreThere();
  const { caller } = await joinNode(one.hub);
  const capabilities = ["ocr"];
  const shift = openShift(taskCalls(other, caller), { queue: "known", name: "b", capabilities });
  shift.say({ case: "room", value: 3 });
  openShift(taskCalls(one, caller), { queue: "known", name: "a" });
  for (const { work, queues, tasks, submit } of [taskCalls(one), taskCalls(other)]) {
    const list = async () => (await work.listWorkers({ queue: "known" })).workers;
    const names = async () => (await list()).map(({ worker, room }) => [worker?.name, room]);
    const both = [
      ["a", 0],
      ["b", 3],
    ];
    await expect.poll(names, patient).toEqual(both);
    const first = await work.listWorkers({ queue: "known", page: { size: 1 } });
    const token = first.nextPageToken;
    const second = await work.listWorkers({ queue: "known", page: { size: 1, token } });
    const pages = [first, second].flatMap(({ workers }) => workers);
    expect(pages.map(({ worker }) => worker?.name)).toEqual(["a", "b"]);
    expect(second.nextPageToken).toBe("");
    const { id: taskId } = await submit({ queue: "known", needs: { nodeId: "node_none" } });
    const shown = await queues.getQueue({ queue: "known" });
    expect(shown.queue).toMatchObject({ workers: 2, room: 3 });
    const { candidates } = await tasks.explainTask({ taskId });
    const workers = candidates.map(({ worker }) => worker).filter((name) => name !== "");
    expect(workers.toSorted()).toEqual(["a", "b"]);
  }
  shift.leave();
  const left = async () => (await taskCalls(one).work.listWorkers({ queue: "known" })).workers;
  await expect
    .poll(async () => (await left()).map(({ worker }) => worker?.name), patient)
    .toEqual(["a"]);
});

test("what is called off at one process reaches its worker at the other without a sign of life", async () => {
  await untilBothAreThere();
  const { caller } = await joinNode(one.hub);
  const shift = openShift(taskCalls(other, caller), { queue: "off" });
  shift.say({ case: "room", value: 1 });
  const { id: taskId } = await taskCalls(one).submit({ queue: "off" });
  await expect.poll(() => shift.assigned().length, patient).toBe(1);
  await taskCalls(one).tasks.cancelTask({ requestId: randomUUID(), taskId, reason: "no more" });
  await expect
    .poll(() => shift.stops(), patient)
    .toMatchObject([{ hold: shift.assigned()[0]?.hold, reason: "no more" }]);
});

test("a worker that came to the other process has left the first", async () => {
  await untilBothAreThere();
  const { caller } = await joinNode(one.hub);
  const before = openShift(taskCalls(one, caller), { queue: "moved" });
  const here = async () => (await taskCalls(one).work.listWorkers({ queue: "moved" })).workers;
  const sinceMs = async () => (await here()).map(({ since }) => since && timestampMs(since));
  await expect.poll(sinceMs, patient).toHaveLength(1);
  // Each process measures the database's clock for itself: who comes later must be it for both.
  const [beganMs = 0] = await sinceMs();
  await expect.poll(() => other.hub.storage.nowMs() - beganMs, patient).toBeGreaterThan(apartMs);
  const after = openShift(taskCalls(other, caller), { queue: "moved" });
  after.say({ case: "room", value: 2 });
  await expect.poll(async () => (await here()).map(({ room }) => room), patient).toEqual([2]);
  before.say({ case: "room", value: 1 });
  await before.ended;
  expect(await here()).toMatchObject([{ room: 2 }]);
});

test("a claim that waits at one process gets what is submitted at the other", async () => {
  const { caller } = await joinNode(one.hub);
  const worker = taskCalls(other, caller);
  const claim = worker.claim("far", { waitMs: longMs });
  const { work } = taskCalls(other);
  const here = async () => (await work.listWorkers({ queue: "far" })).workers.length;
  await expect.poll(here, patient).toBe(1);
  const { id } = await taskCalls(one).submit({ queue: "far" });
  const held = await claim;
  expect(held.map(({ task }) => task?.id)).toEqual([id]);
  const states: TaskState[] = [];
  const ended = (async () => {
    const { tasks } = taskCalls(one);
    for await (const { task } of tasks.watchTask({ taskId: id })) states.push(task?.state ?? 0);
  })();
  await expect.poll(() => states, patient).toEqual([TaskState.WORKING]);
  await worker.complete(...held);
  await ended;
  expect(states.at(-1)).toBe(TaskState.COMPLETED);
});

test("the same claim asked at the other process gets the same holds", async () => {
  const { caller } = await joinNode(one.hub);
  await taskCalls(one).submit({ queue: "twice" });
  const claimId = randomUUID();
  const [first] = await taskCalls(one, caller).claim("twice", { claimId });
  const [again] = await taskCalls(other, caller).claim("twice", { claimId });
  expect(again?.hold).toEqual(first?.hold);
  expect(first?.hold).toBeDefined();
});

test("what one who asks here ended at the other process is no longer told of as held", async () => {
  const { caller } = await joinNode(one.hub);
  const timeouts = { heartbeat: durationFromMs(5_000) };
  const { id } = await taskCalls(one).submit({ queue: "asking", timeouts });
  const here = taskCalls(one, caller);
  const held = await here.claim("asking");
  const { work } = taskCalls(one);
  const holds = async () => {
    await here.claim("asking");
    const { workers } = await work.listWorkers({ queue: "asking" });
    return workers.map((worker) => worker.holds.map(({ taskId }) => taskId));
  };
  expect(await holds()).toEqual([[id]]);
  await taskCalls(other, caller).complete(...held);
  await expect.poll(holds, patient).toEqual([[]]);
});

test("a process that stops sends its workers elsewhere, who go on with what they hold", async () => {
  const { caller } = await joinNode(one.hub);
  const shift = openShift(taskCalls(other, caller), { queue: "leaving" });
  shift.say({ case: "room", value: 1 });
  const { id } = await taskCalls(one).submit({ queue: "leaving" });
  await expect.poll(() => shift.assigned().map(({ task }) => task?.id), patient).toEqual([id]);
  await other.stop({ keep: true });
  await shift.ended;
  expect(shift.of("reconnect")).toHaveLength(1);
  const again = openShift(taskCalls(one, caller), { queue: "leaving" });
  const hold = shift.assigned()[0]?.hold;
  again.say({ case: "report", value: create(ReportSchema, { hold }) });
  await expect.poll(() => again.receipts(), patient).toMatchObject([{ verdict: Verdict.TAKEN }]);
  const { workers } = await taskCalls(one).work.listWorkers({ queue: "leaving" });
  expect(workers).toMatchObject([{ holds: [hold] }]);
});
