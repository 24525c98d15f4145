// Tasks over the methods of a real hub: what is asked for, by whom.
import { randomUUID } from "node:crypto";
import { fromBinary } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { TaskEndedSchema } from "@foedus/gen/foedus/task/v1/task_event_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { miscounted } from "../../../tests/faults/task.book.ts";
import { sharedHub } from "../../../tests/support/hub.shared.ts";
import { joinNode, personOf, registeredNode, strangerNode } from "../../../tests/support/joined.ts";
import { newQueue, patient, taskCalls } from "../../../tests/support/tasked.ts";

const local = sharedHub();
const failure = { reason: "BAD", isFinal: true };

test("a task is submitted once a request_id, worked on once, and shows all its steps", async () => {
  const node = await registeredNode(local.hub);
  const [owner, worker] = [taskCalls(local), taskCalls(local, node.caller)];
  const queue = newQueue();
  const request = {
    requestId: randomUUID(),
    spec: { queue, kind: "scan", payload: { contentType: "text/plain", body: Buffer.from("in") } },
  };
  const first = await owner.tasks.submitTask(request);
  const again = await owner.tasks.submitTask(request);
  const id = first.task?.id ?? "";
  expect(again.task?.id).toBe(id);
  const [held, ...others] = await worker.claim(queue, { count: 5 });
  expect(others).toEqual([]);
  expect(Buffer.from(held?.task?.spec?.payload?.body ?? []).toString()).toBe("in");
  if (held === undefined) throw new Error("nothing to claim");
  expect((await worker.complete(held)).map(({ verdict }) => verdict)).toEqual([Verdict.TAKEN]);
  expect((await worker.complete(held)).map(({ verdict }) => verdict)).toEqual([Verdict.REPEATED]);
  expect(await owner.get(id)).toMatchObject({
    state: TaskState.COMPLETED,
    submitter: personOf(Role.ADMIN).id,
  });
  const { steps } = await owner.tasks.listTaskSteps({ taskId: id });
  expect(steps.map(({ state }) => state)).toEqual([
    TaskState.SUBMITTED,
    TaskState.WORKING,
    TaskState.COMPLETED,
  ]);
});

test("who may only look sees neither payload nor result, and nobody sees another tenant's", async () => {
  const node = await registeredNode(local.hub);
  const worker = taskCalls(local, node.caller);
  const queue = newQueue();
  const { id } = await taskCalls(local).submit({ queue, payload: { body: new Uint8Array([7]) } });
  await worker.complete(...(await worker.claim(queue)));
  const seen = await taskCalls(local, personOf(Role.OBSERVER)).get(id);
  expect([seen.spec?.payload, seen.result]).toEqual([undefined, undefined]);
  const whole = await taskCalls(local, personOf(Role.MEMBER)).get(id);
  expect(whole.spec?.payload?.body).toEqual(new Uint8Array([7]));
  expect(whole.result?.body).toEqual(new Uint8Array([1]));
  const elsewhere = taskCalls(local, strangerNode());
  await expect(elsewhere.get(id)).rejects.toMatchObject({ reason: Reason.NOT_FOUND });
  expect(await elsewhere.claim(queue)).toEqual([]);
});

test("only the submitter, its node and admins call a task off or try it again", async () => {
  const [node, other] = [await registeredNode(local.hub), await joinNode(local.hub)];
  const queue = newQueue();
  const { id: taskId } = await taskCalls(local, node.caller).submit({ queue });
  const cancel = { requestId: randomUUID(), taskId, reason: "wrong" };
  const notTheirs = [other.caller, personOf(Role.MEMBER)];
  for (const caller of notTheirs) {
    const { tasks } = taskCalls(local, caller);
    await expect(tasks.cancelTask(cancel)).rejects.toMatchObject({ reason: Reason.NOT_YOURS });
    const retry = { requestId: randomUUID(), taskId };
    await expect(tasks.retryTask(retry)).rejects.toMatchObject({ reason: Reason.NOT_YOURS });
  }
  const { task } = await taskCalls(local, node.caller).tasks.cancelTask(cancel);
  expect(task).toMatchObject({ state: TaskState.CANCELED, cancellation: { reason: "wrong" } });
  const late = taskCalls(local).tasks.cancelTask({ ...cancel, requestId: randomUUID() });
  await expect(late).rejects.toMatchObject({ reason: Reason.TASK_ENDED });
});

test("a dead letter is tried again, of several who want it once", async () => {
  const node = await registeredNode(local.hub);
  const [owner, worker] = [taskCalls(local), taskCalls(local, node.caller)];
  const queue = newQueue();
  const { id: taskId } = await owner.submit({ queue });
  const [held] = await worker.claim(queue);
  if (held?.hold === undefined) throw new Error("nothing to claim");
  const said = { case: "failure", value: failure } as const;
  await worker.work.reportTasks({ reports: [{ hold: held.hold, said }] });
  expect((await owner.get(taskId)).state).toBe(TaskState.FAILED);
  const retry = () => owner.tasks.retryTask({ requestId: randomUUID(), taskId });
  const both = await Promise.allSettled([retry(), retry()]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  const [again] = await worker.claim(queue);
  expect(again?.task?.id).toBe(taskId);
  expect(again?.hold?.fence).toBeGreaterThan(held.hold.fence);
});

test("children are for whoever holds their parent, and cost it", async () => {
  const [node, other] = [await registeredNode(local.hub), await registeredNode(local.hub)];
  const worker = taskCalls(local, node.caller);
  const queue = newQueue();
  const budget = { unit: "token", limit: 10n };
  const { id: parentId } = await taskCalls(local).submit({ queue, budget });
  const child = { queue: newQueue(), parentId, budget: { unit: "token", limit: 6n } };
  const notHeld = { reason: Reason.TASK_PARENT_NOT_HELD };
  await expect(worker.submit(child)).rejects.toMatchObject(notHeld);
  await worker.claim(queue);
  await expect(taskCalls(local, other.caller).submit(child)).rejects.toMatchObject(notHeld);
  await worker.submit(child);
  await expect(worker.submit(child)).rejects.toMatchObject({ reason: Reason.TASK_BUDGET_EXCEEDED });
  expect((await worker.get(parentId)).spec?.budget?.spent).toBe(6n);
  const { tasks } = await worker.tasks.listTasks({ parentId });
  expect(tasks).toHaveLength(1);
});

test("what ended alike is told together, as events of the hub", async () => {
  const node = await registeredNode(local.hub);
  const [owner, worker] = [taskCalls(local), taskCalls(local, node.caller)];
  const queue = newQueue();
  const specs = Array.from({ length: 3 }, () => ({ queue, kind: "scan" }));
  await owner.tasks.submitTasks({ requestId: randomUUID(), specs });
  await worker.complete(...(await worker.claim(queue, { count: 3 })));
  const { id: taskId } = await owner.submit({ queue });
  await owner.tasks.cancelTask({ requestId: randomUUID(), taskId, reason: "wrong" });
  const told = async () => {
    const rows = await rowsOf(local.url, "select body from outbox_log where kind = 'task_ended'");
    const all = rows.map(({ body }) => fromBinary(TaskEndedSchema, body as Buffer));
    return all.filter((each) => each.queue === queue);
  };
  const ended = async (state: TaskState) =>
    (await told()).filter((each) => each.state === state).map(({ count }) => count);
  const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
  await expect.poll(async () => sum(await ended(TaskState.COMPLETED)), patient).toBe(3);
  await expect.poll(() => ended(TaskState.CANCELED), patient).toEqual([1]);
  expect((await told()).every(({ kind }) => kind === "scan")).toBe(true);
});

test("tasks of a batch wait for each other, and lists go in pages", async () => {
  const node = await registeredNode(local.hub);
  const [owner, worker] = [taskCalls(local), taskCalls(local, node.caller)];
  const queue = newQueue();
  const specs = [
    { queue, kind: "scan" },
    { queue, kind: "scan", dependsOn: ["#0"] },
    { queue, kind: "scan", dependsOn: ["#1"] },
  ];
  await owner.tasks.submitTasks({ requestId: randomUUID(), specs });
  for (let round = 0; round < specs.length; round++) {
    const held = await worker.claim(queue, { count: 10, waitMs: 20_000 });
    expect(held).toHaveLength(1);
    await worker.complete(...held);
  }
  const page = await owner.tasks.listTasks({ queue, page: { size: 2 } });
  const rest = await owner.tasks.listTasks({
    queue,
    page: { size: 2, token: page.nextPageToken },
  });
  expect([page.tasks.length, rest.tasks.length, rest.nextPageToken]).toEqual([2, 1, ""]);
  const token = page.nextPageToken;
  const wrong = owner.tasks.listTasks({ queue: "another", page: { token } });
  await expect(wrong).rejects.toMatchObject({ reason: Reason.PAGE_TOKEN_INVALID });
});

test("after all this, what is counted is what a recount of the tables says", async () => {
  await expect.poll(() => miscounted(local.url), patient).toEqual([]);
});
