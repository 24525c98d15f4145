// Tasks that a hub hands to the hub above, which gives them to workers of another one below it.
import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { ParentUse, QueueService } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import {
  FailureSchema,
  ProgressSchema,
  TaskSpecSchema,
  TaskState,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { expect, test } from "vitest";
import {
  explainedAt,
  hubBelow,
  newestAt,
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
const right = hubBelow(top, "right");

/** A queue that the left hub hands up, and a worker of the right one that does its tasks. */
async function sibling(queue: string, room = 1) {
  await share(left, queue, ParentUse.HANDS_UP);
  await share(right, queue, ParentUse.WORKS_FOR);
  return await workerAt(right, `right-${queue}`, { queue, capabilities: ["gpu"], room });
}

const gpu = { needs: { capabilities: ["gpu"] } };

test("what nobody here can do, a worker below a sibling does; what belongs to it goes along", async () => {
  const worker = await sibling("far");
  const id = await submitAt(left, {
    queue: "far",
    ...gpu,
    payload: resultOf("page"),
    priority: 9,
    fairnessKey: "acme",
    labels: { team: "blue" },
    budget: { unit: "token", limit: 50n },
    hopLimit: 4,
  });
  const given = await worker.nth(0);
  const { spec } = given.task ?? {};
  expect(spec?.payload).toEqual(resultOf("page"));
  expect([spec?.priority, spec?.fairnessKey, spec?.hopLimit]).toEqual([9, "acme", 2]);
  expect(spec?.labels["team"]).toBe("blue");
  expect(spec?.budget?.limit).toBe(50n);
  const progress = create(ProgressSchema, { message: "half", spent: 5n });
  worker.sayOf(given, { case: "progress", value: progress });
  const seen = async () => (await taskAt(left, id)).attempt?.progress?.message;
  await expect.poll(seen, patient).toBe("half");
  worker.complete(given, 20);
  await expect.poll(stateAt(left, id), patient).toBe(TaskState.COMPLETED);
  const done = await taskAt(left, id);
  expect(done.result).toEqual(resultOf("done"));
  expect(done.spec?.budget?.spent).toBe(20n);
  expect(done.attempt?.number).toBe(1);
  expect(worker.assigned()).toHaveLength(1);
});

test("why it waits is told across hubs: whose it is, and what its own hub says of it", async () => {
  await share(left, "why", ParentUse.HANDS_UP);
  const id = await submitAt(left, { queue: "why", ...gpu, ...slow });
  const said = async () => (await explainedAt(left, id)).summary;
  await expect.poll(said, patient).toContain("It is handed up to the parent as task_");
  const upperId = (await newestAt(top, "why"))?.id ?? "";
  const there = await explainedAt(top, upperId);
  const whole = `It is handed up to the parent as ${upperId}. There: ${there.summary}`;
  await expect.poll(said, patient).toBe(whole);
  const wait = async () => (await explainedAt(left, id)).waits[0]?.waitingFor;
  await expect.poll(wait, patient).toBe(`at the parent: ${there.waits[0]?.waitingFor}`);
  await share(right, "why", ParentUse.WORKS_FOR);
  const worker = await workerAt(right, "why", { queue: "why", capabilities: ["gpu"] });
  const given = await worker.nth(0);
  const lower = await explainedAt(right, given.task?.id ?? "");
  expect(lower.summary).toContain(`holds it for its parent, where it is ${upperId}.`);
  await expect.poll(said, patient).toContain("worker hub right.example");
  await top.kill();
  await expect.poll(wait, patient).toContain("does not answer now");
  await top.restart();
  worker.complete(given);
  await expect.poll(stateAt(left, id), patient).toBe(TaskState.COMPLETED);
});

test("what a worker here can do stays here", async () => {
  const far = await sibling("near");
  const near = await workerAt(left, "near", { queue: "near", capabilities: ["gpu"] });
  const id = await submitAt(left, { queue: "near", ...gpu });
  near.complete(await near.nth(0));
  await expect.poll(stateAt(left, id), patient).toBe(TaskState.COMPLETED);
  expect(await newestAt(top, "near")).toBeUndefined();
  expect(far.assigned()).toHaveLength(0);
});

test("what is handed up is many at a time, and the ends of all are heard", async () => {
  const count = 130;
  const worker = await sibling("many", count);
  const spec = create(TaskSpecSchema, { queue: "many", kind: "scan", ...slow, ...gpu });
  const specs = Array.from({ length: count }, () => spec);
  const tasks = left.session().as(TaskService);
  await tasks.submitTasks({ requestId: randomUUID(), specs });
  await worker.nth(count - 1);
  for (const given of worker.assigned()) worker.complete(given);
  const completed = async () => {
    const { queue } = await left.session().as(QueueService).getQueue({ queue: "many" });
    return [queue?.working, queue?.ready, queue?.scheduled];
  };
  await expect.poll(completed, patient).toEqual([0n, 0n, 0n]);
  const states = [TaskState.COMPLETED];
  const page = { size: 100 };
  const first = await tasks.listTasks({ queue: "many", states, page });
  const rest = await tasks.listTasks({
    queue: "many",
    states,
    page: { ...page, token: first.nextPageToken },
  });
  expect(first.tasks.length + rest.tasks.length).toBe(count);
});

test("calling off goes up and down again, and what failed above failed here", async () => {
  const worker = await sibling("off");
  const id = await submitAt(left, { queue: "off", ...gpu });
  const given = await worker.nth(0);
  const request = { requestId: randomUUID(), taskId: id, reason: "changed my mind" };
  await left.session().as(TaskService).cancelTask(request);
  await expect.poll(stateAt(left, id), patient).toBe(TaskState.CANCELED);
  await expect.poll(() => worker.stops().length, patient).toBe(1);
  const stopped = create(FailureSchema, { reason: "STOPPED" });
  worker.sayOf(given, { case: "failure", value: stopped });
  const above = async () => (await newestAt(top, "off"))?.state;
  await expect.poll(above, patient).toBe(TaskState.CANCELED);
  const retry = { maximumAttempts: 2, initialInterval: durationFromMs(100) };
  const bad = await submitAt(left, { queue: "off", ...gpu, retry });
  for (const at of [1, 2]) {
    const value = create(FailureSchema, { reason: "BUSY", message: `try ${at}` });
    worker.sayOf(await worker.nth(at), { case: "failure", value });
  }
  await expect.poll(stateAt(left, bad), patient).toBe(TaskState.FAILED);
  const failed = await taskAt(left, bad);
  expect(failed.failure?.message).toBe("try 2");
  expect(failed.attempt?.number).toBe(1);
});

test("a hub that dies with something handed up finds it again, and it is done once", async () => {
  const worker = await sibling("died", 2);
  const id = await submitAt(left, { queue: "died", ...gpu, ...slow });
  const given = await worker.nth(0);
  await left.kill();
  worker.complete(given);
  await left.restart();
  await expect.poll(stateAt(left, id), patient).toBe(TaskState.COMPLETED);
  expect((await taskAt(left, id)).attempt?.number).toBe(1);
  expect(worker.assigned()).toHaveLength(1);
});

test("the last hop goes nowhere, and says so", async () => {
  await share(left, "hops", ParentUse.HANDS_UP);
  const id = await submitAt(left, { queue: "hops", hopLimit: 0, retry: { maximumAttempts: 1 } });
  await expect.poll(stateAt(left, id), patient).toBe(TaskState.FAILED);
  expect((await taskAt(left, id)).failure?.reason).toBe("TASK_HOP_LIMIT");
  expect(await newestAt(top, "hops")).toBeUndefined();
});
