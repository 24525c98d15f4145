// Tasks and their children: what they may cost, and what becomes of them together.
import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { ReportSchema, type Assignment } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { miscounted } from "../../../tests/faults/task.book.ts";
import { sharedHub } from "../../../tests/support/hub.shared.ts";
import { registeredNode } from "../../../tests/support/joined.ts";
import { newQueue, openShift, patient, taskCalls } from "../../../tests/support/tasked.ts";

const local = sharedHub();
const tokens = (limit: bigint) => ({ unit: "token", limit });
const exceeded = { reason: Reason.TASK_BUDGET_EXCEEDED };

/** A worker that holds a task with a budget, and submits children of it. */
async function parentOf(limit: bigint) {
  const { caller } = await registeredNode(local.hub);
  const calls = taskCalls(local, caller);
  const queue = newQueue();
  const { id } = await taskCalls(local).submit({ queue, budget: tokens(limit) });
  const [held] = await calls.claim(queue);
  if (held === undefined) throw new Error("nothing to claim");
  const child = async (parentId: string, most: bigint) => {
    const below = newQueue();
    const { id } = await calls.submit({ queue: below, parentId, budget: tokens(most) });
    return { id, queue: below };
  };
  const heldOf = async ({ queue }: { readonly queue: string }) => {
    const [task] = await calls.claim(queue);
    if (task === undefined) throw new Error("nothing to claim");
    return task;
  };
  const spentOf = async (taskId: string) => (await calls.get(taskId)).spec?.budget?.spent;
  const say = async (
    { hold }: Assignment,
    said: MessageInitShape<typeof ReportSchema>["said"],
    spent: bigint,
  ) => {
    await calls.work.reportTasks({ reports: [create(ReportSchema, { hold, said, spent })] });
  };
  const done = (task: Assignment, spent: bigint) => say(task, { case: "result", value: {} }, spent);
  const fails = (task: Assignment, spent: bigint) => {
    return say(task, { case: "failure", value: { reason: "BAD", isFinal: true } }, spent);
  };
  const beat = (spent: bigint) => say(held, { case: "progress", value: { spent } }, spent);
  return { ...calls, id, queue, held, child, heldOf, spentOf, say, done, fails, beat };
}

test("what a child did not spend comes back when it ends, to the last unit", async () => {
  const { id, child, heldOf, spentOf, done } = await parentOf(10n);
  const first = await child(id, 10n);
  expect(await spentOf(id)).toBe(10n);
  await expect(child(id, 1n)).rejects.toMatchObject(exceeded);
  await done(await heldOf(first), 3n);
  expect(await spentOf(id)).toBe(3n);
  await expect(child(id, 8n)).rejects.toMatchObject(exceeded);
  await done(await heldOf(await child(id, 7n)), 9n);
  // It spent more than it was given: that is what it cost.
  expect(await spentOf(id)).toBe(12n);
});

test("whoever ends before its children is settled with through those above", async () => {
  const { id, held, child, heldOf, spentOf, done } = await parentOf(10n);
  const middle = await child(id, 8n);
  const middleHeld = await heldOf(middle);
  const leaf = await child(middle.id, 5n);
  await done(middleHeld, 1n);
  expect([await spentOf(id), await spentOf(middle.id)]).toEqual([6n, 6n]);
  await done(await heldOf(leaf), 1n);
  expect([await spentOf(id), await spentOf(middle.id)]).toEqual([2n, 2n]);
  await done(held, 4n);
  expect(await spentOf(id)).toBe(6n);
});

test("what the last sign of an attempt said it has cost counts, if its end says less", async () => {
  const { id, held, say, done, spentOf } = await parentOf(10n);
  await say(held, { case: "progress", value: { spent: 7n } }, 0n);
  await done(held, 0n);
  expect(await spentOf(id)).toBe(7n);
});

test("a dead letter that is tried again takes its budget from its parent once more", async () => {
  const { id, child, heldOf, spentOf, fails, tasks, get } = await parentOf(10n);
  const first = await child(id, 6n);
  await fails(await heldOf(first), 2n);
  expect(await spentOf(id)).toBe(2n);
  const retry = () => tasks.retryTask({ requestId: randomUUID(), taskId: first.id });
  const second = await child(id, 5n);
  await expect(retry()).rejects.toMatchObject(exceeded);
  expect((await get(first.id)).state).toBe(TaskState.FAILED);
  expect(await spentOf(id)).toBe(7n);
  await fails(await heldOf(second), 4n);
  await retry();
  expect(await spentOf(id)).toBe(10n);
});

test("what a parent's attempt has cost so far is not given to a child that is tried again", async () => {
  const { id, child, heldOf, spentOf, fails, tasks, beat } = await parentOf(10n);
  const first = await child(id, 6n);
  await fails(await heldOf(first), 0n);
  const retry = () => tasks.retryTask({ requestId: randomUUID(), taskId: first.id });
  await beat(5n);
  await expect(retry()).rejects.toMatchObject(exceeded);
  expect(await spentOf(id)).toBe(0n);
  await beat(4n);
  await retry();
  expect(await spentOf(id)).toBe(6n);
});

test("children are called off with their parent, and whoever does them is told", async () => {
  const { id, child, heldOf, get, spentOf, tasks, ...calls } = await parentOf(10n);
  const [waiting, working] = [await child(id, 2n), await child(id, 3n)];
  const shift = openShift(calls, { queue: working.queue });
  shift.say({ case: "room", value: 1 });
  await expect.poll(() => shift.assigned().length, patient).toBe(1);
  const leaf = await child(working.id, 1n);
  const owner = taskCalls(local);
  await owner.tasks.cancelTask({ requestId: randomUUID(), taskId: id, reason: "no more" });
  const why = `its parent ${id} was called off: no more`;
  for (const { id: below } of [waiting, leaf]) {
    const cancellation = { reason: why };
    expect(await get(below)).toMatchObject({ state: TaskState.CANCELED, cancellation });
  }
  expect(await get(working.id)).toMatchObject({ state: TaskState.WORKING });
  await expect.poll(() => shift.stops(), patient).toMatchObject([{ reason: why }]);
  // What waits has given its budget back; what is held has not.
  expect(await spentOf(id)).toBe(3n);
  const refused = {
    reason: Reason.TASK_PARENT_NOT_HELD,
    message: expect.stringContaining("off") as unknown,
  };
  await expect(child(id, 1n)).rejects.toMatchObject(refused);
  const { steps } = await tasks.listTaskSteps({ taskId: leaf.id });
  expect(steps.at(-1)).toMatchObject({ state: TaskState.CANCELED, message: `called off: ${why}` });
  expect(await calls.claim(waiting.queue)).toEqual([]);
  await expect(heldOf(leaf)).rejects.toThrow("nothing to claim");
});

test("many children are called off in one go", async () => {
  const { caller } = await registeredNode(local.hub);
  const { tasks, claim, submit } = taskCalls(local, caller);
  const [queue, below] = [newQueue(), newQueue()];
  const { id: parentId } = await submit({ queue });
  await claim(queue);
  const specs = Array.from({ length: 1_000 }, () => ({ queue: below, kind: "scan", parentId }));
  await tasks.submitTasks({ requestId: randomUUID(), specs });
  await tasks.cancelTask({ requestId: randomUUID(), taskId: parentId, reason: "" });
  const { queue: left } = await taskCalls(local).queues.getQueue({ queue: below });
  expect(left).toMatchObject({ ready: 0n, working: 0n });
});

test("what was called off because a task failed stays so when that one is tried again", async () => {
  const { caller } = await registeredNode(local.hub);
  const worker = taskCalls(local, caller);
  const owner = taskCalls(local);
  const queue = newQueue();
  const { id: taskId } = await owner.submit({ queue });
  const { id: left } = await owner.submit({ queue, dependsOn: [taskId] });
  const [held] = await worker.claim(queue);
  const said = { case: "failure", value: { reason: "BAD", isFinal: true } } as const;
  const report = create(ReportSchema, { hold: held?.hold, said });
  await worker.work.reportTasks({ reports: [report] });
  const retry = (id: string) => owner.tasks.retryTask({ requestId: randomUUID(), taskId: id });
  await retry(taskId);
  await worker.complete(...(await worker.claim(queue)));
  expect((await owner.get(taskId)).state).toBe(TaskState.COMPLETED);
  expect((await owner.get(left)).state).toBe(TaskState.CANCELED);
  const { summary } = await owner.tasks.explainTask({ taskId: left });
  expect(summary).toContain("submit this one again");
  await expect(retry(left)).rejects.toMatchObject({ reason: Reason.TASK_NOT_FAILED });
  await expect(retry(taskId)).rejects.toMatchObject({ reason: Reason.TASK_NOT_FAILED });
  const late = owner.tasks.cancelTask({ requestId: randomUUID(), taskId, reason: "" });
  await expect(late).rejects.toMatchObject({ reason: Reason.TASK_ENDED });
  const again = await owner.submit({ queue, dependsOn: [taskId] });
  expect(again.state).toBe(TaskState.SUBMITTED);
});

test("after all this, what is counted is what a recount of the tables says", async () => {
  await expect.poll(() => miscounted(local.url), patient).toEqual([]);
});
