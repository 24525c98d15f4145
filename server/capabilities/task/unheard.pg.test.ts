// Tasks that were given over a stream which broke, so that nobody knows whether they arrived.
import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { ReportSchema, type Assignment } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { expect, test } from "vitest";
import { sharedHub } from "../../../tests/support/hub.shared.ts";
import { joinNode } from "../../../tests/support/joined.ts";
import { newQueue, openShift, patient, taskCalls } from "../../../tests/support/tasked.ts";

const local = sharedHub();
const endless = { heartbeat: durationFromMs(3_600_000) };

/** So many tasks of one queue, as the worker "w" of a node got them over a stream. */
async function given(count: number) {
  const queue = newQueue();
  const calls = taskCalls(local, (await joinNode(local.hub)).caller);
  const worker = { queue, name: "w", concurrency: 10 };
  const shift = openShift(calls, worker);
  shift.say({ case: "room", value: count });
  const owner = taskCalls(local);
  const submit = async () => (await owner.submit({ queue, timeouts: endless })).id;
  for (let at = 0; at < count; at++) await submit();
  await expect.poll(() => shift.assigned(), patient).toHaveLength(count);
  const standing = async (id: string) => {
    const { state, attempt } = await owner.get(id);
    return { state, fence: attempt?.fence, number: attempt?.number };
  };
  return { queue, calls, worker, shift, submit, standing, tasks: shift.assigned() };
}

const alive = ({ hold }: Assignment) => {
  return { case: "report", value: create(ReportSchema, { hold }) } as const;
};
const idOf = ({ hold }: Assignment) => hold?.taskId ?? "";
const held = { state: TaskState.WORKING, fence: 1n, number: 1 };

/** As long as a worker may be silent, and some more. */
const silent = { ...patient, timeout: 60_000 };

test("what a worker never heard of is lost long before its lease ends, and nothing else is", async () => {
  await Promise.all([ownIsLost(), othersAreLeft()]);
}, 120_000);

async function ownIsLost() {
  const { calls, worker, shift, submit, standing, tasks } = await given(3);
  const [lost, known, named] = tasks;
  if (lost === undefined || known === undefined || named === undefined) throw new Error("no task");
  shift.say(alive(known));
  await expect.poll(() => shift.receipts(), patient).toHaveLength(1);
  // One that the same worker asked for itself: it would ask again.
  await submit();
  shift.say({ case: "room", value: 0 });
  shift.leave();
  await shift.ended;
  const [asked] = await calls.claim(worker.queue, { worker, waitMs: 10_000 });
  const next = openShift(calls, worker);
  next.say(alive(named));
  next.say({ case: "room", value: 9 });
  await expect.poll(() => next.assigned().map(idOf), silent).toEqual([idOf(lost)]);
  // Nobody knows whether it was begun.
  expect(await standing(idOf(lost))).toEqual({ ...held, fence: 3n, number: 2 });
  expect(await standing(idOf(known))).toEqual(held);
  expect(await standing(idOf(named))).toEqual(held);
  if (asked !== undefined) expect(await standing(idOf(asked))).toEqual(held);
}

/** What another worker of the node was given is left to that one. */
async function othersAreLeft() {
  const { calls, worker, shift, submit, standing, tasks } = await given(1);
  const beside = { ...worker, name: "v" };
  const other = openShift(calls, beside);
  other.say({ case: "room", value: 1 });
  const lost = await submit();
  await expect.poll(() => other.assigned().map(idOf), patient).toEqual([lost]);
  for (const one of [shift, other]) {
    one.leave();
    await one.ended;
  }
  const again = openShift(calls, beside);
  again.say({ case: "room", value: 9 });
  await expect.poll(() => again.assigned().map(idOf), silent).toEqual([lost]);
  expect(await standing(tasks.map(idOf).join())).toEqual(held);
}
