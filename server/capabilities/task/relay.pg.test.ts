// Tasks that hubs below do for the hub above, with hubs in processes of their own.
import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { durationFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { ParentUse } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { FailureSchema, ProgressSchema, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { WorkerSchema } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { WorkService } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { expect, test } from "vitest";
import {
  hubBelow,
  patient,
  resultOf,
  share,
  slow,
  stateAt,
  submitAt,
  taskAt,
  topHub,
  workerAt,
} from "../../../tests/support/branches.ts";

const top = topHub();
const left = hubBelow(top, "left");

test("a task of the parent is done by a worker of the child, once, with all that it says", async () => {
  await share(left, "down", ParentUse.WORKS_FOR);
  const worker = await workerAt(left, "one", { queue: "down", capabilities: ["ocr"] });
  const id = await submitAt(top, {
    queue: "down",
    payload: resultOf("page"),
    priority: 8,
    fairnessKey: "acme",
    labels: { team: "blue" },
    needs: { capabilities: ["ocr"] },
    budget: { unit: "token", limit: 50n },
    timeouts: { scheduleToClose: durationFromMs(600_000) },
    hopLimit: 2,
  });
  const given = await worker.nth(0);
  const { spec } = given.task ?? {};
  expect(spec?.payload).toEqual(resultOf("page"));
  expect([spec?.priority, spec?.fairnessKey, spec?.hopLimit]).toEqual([8, "acme", 1]);
  expect(spec?.labels).toEqual({ team: "blue" });
  expect(spec?.budget?.limit).toBe(50n);
  const upper = await taskAt(top, id);
  expect(upper.attempt?.worker).toContain("hub left.example");
  const [mine = 0, theirs = 0] = [spec?.deadline, upper.createTime].map(
    (at) => at && timestampMs(at),
  );
  expect(mine - theirs).toBeGreaterThan(590_000);
  expect(mine - theirs).toBeLessThan(605_000);
  const progress = create(ProgressSchema, { fraction: 0.5, message: "half", spent: 7n });
  worker.sayOf(given, { case: "progress", value: progress });
  const seen = async () => (await taskAt(top, id)).attempt?.progress?.message;
  await expect.poll(seen, patient).toBe("half");
  worker.complete(given, 20);
  await expect.poll(stateAt(top, id), patient).toBe(TaskState.COMPLETED);
  const done = await taskAt(top, id);
  expect(done.result).toEqual(resultOf("done"));
  expect(done.spec?.budget?.spent).toBe(20n);
  expect(worker.assigned()).toHaveLength(1);
});

test("what does not fit the child's workers is not given to the child", async () => {
  await share(left, "picky", ParentUse.WORKS_FOR);
  const worker = await workerAt(left, "picky", { queue: "picky", capabilities: ["ocr"], room: 2 });
  const other = await submitAt(top, { queue: "picky", needs: { capabilities: ["gpu"] } });
  const own = await submitAt(top, { queue: "picky", needs: { capabilities: ["ocr"] } });
  worker.complete(await worker.nth(0));
  await expect.poll(stateAt(top, own), patient).toBe(TaskState.COMPLETED);
  expect(await stateAt(top, other)()).toBe(TaskState.SUBMITTED);
});

test("the parent's order holds where workers are saturated: the urgent one is next", async () => {
  await share(left, "order", ParentUse.WORKS_FOR);
  const worker = await workerAt(left, "order", { queue: "order" });
  const first = await submitAt(top, { queue: "order", priority: 5 });
  const given = await worker.nth(0);
  const low = await Promise.all(
    [1, 2, 3].map(() => submitAt(top, { queue: "order", priority: 1 })),
  );
  const urgent = await submitAt(top, { queue: "order", priority: 10 });
  for (const id of [...low, urgent]) expect(await stateAt(top, id)()).toBe(TaskState.SUBMITTED);
  worker.complete(given);
  await expect.poll(stateAt(top, first), patient).toBe(TaskState.COMPLETED);
  const next = await worker.nth(1);
  expect(next.task?.spec?.priority).toBe(10);
  // Nothing was sent ahead: what waits, waits at the parent, where it has its turn.
  for (const id of low) expect(await stateAt(top, id)()).toBe(TaskState.SUBMITTED);
  worker.complete(next);
  await expect.poll(stateAt(top, urgent), patient).toBe(TaskState.COMPLETED);
  for (const at of [2, 3, 4]) worker.complete(await worker.nth(at));
  for (const id of low) await expect.poll(stateAt(top, id), patient).toBe(TaskState.COMPLETED);
});

test("calling off reaches the child's worker, and a failure is tried again by the parent", async () => {
  await share(left, "off", ParentUse.WORKS_FOR);
  const worker = await workerAt(left, "off", { queue: "off" });
  const id = await submitAt(top, { queue: "off" });
  const given = await worker.nth(0);
  const request = { requestId: randomUUID(), taskId: id, reason: "changed my mind" };
  await top.session().as(TaskService).cancelTask(request);
  await expect.poll(() => worker.stops().length, patient).toBe(1);
  expect(worker.stops()[0]?.reason).toBe("changed my mind");
  const failure = create(FailureSchema, { reason: "STOPPED" });
  worker.sayOf(given, { case: "failure", value: failure });
  await expect.poll(stateAt(top, id), patient).toBe(TaskState.CANCELED);
  const again = await submitAt(top, {
    queue: "off",
    retry: { maximumAttempts: 2, initialInterval: durationFromMs(100) },
  });
  for (const at of [1, 2]) {
    const value = create(FailureSchema, { reason: "BUSY", message: `try ${at}` });
    worker.sayOf(await worker.nth(at), { case: "failure", value });
  }
  await expect.poll(stateAt(top, again), patient).toBe(TaskState.FAILED);
  expect((await taskAt(top, again)).failure?.message).toBe("try 2");
  const { tasks } = await left.session().as(TaskService).listTasks({ queue: "off" });
  expect(tasks.map(({ state }) => state)).not.toContain(TaskState.FAILED);
});

test("what a worker had room for and did not begin goes back, and costs no attempt", async () => {
  await share(left, "asleep", ParentUse.WORKS_FOR);
  const node = await left.node("asleep");
  const worker = create(WorkerSchema, { name: "w", queue: "asleep", concurrency: 1 });
  const claim = { claimId: randomUUID(), worker, count: 1 };
  await node.client(WorkService).claimTasks(claim);
  const id = await submitAt(top, { queue: "asleep", ...slow });
  const holder = async () => (await taskAt(top, id)).attempt?.worker;
  await expect.poll(holder, patient).toContain("hub left.example");
  const direct = await workerAt(top, "direct", { queue: "asleep" });
  const given = await direct.nth(0);
  expect(given.task?.id).toBe(id);
  expect(given.task?.attempt?.number).toBe(1);
});
