// Waiting for many tasks at once: what is answered when, to whom, and how much.
import { randomUUID } from "node:crypto";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { expect, test } from "vitest";
import { startLocalHub } from "../../../tests/support/hub.local.ts";
import { sharedHub } from "../../../tests/support/hub.shared.ts";
import { freely, joinNode, personOf, strangerNode } from "../../../tests/support/joined.ts";
import { newQueue, patient, taskCalls } from "../../../tests/support/tasked.ts";
import { waitsMax } from "./wait.rpc.ts";

const local = sharedHub();
const wait = durationFromMs(60_000);

/** Tasks of a queue of their own, and who does them. */
async function submitted(count: number, body = new Uint8Array([7])) {
  const queue = newQueue();
  const owner = taskCalls(local);
  const worker = taskCalls(local, (await joinNode(local.hub)).caller);
  const specs = Array.from({ length: count }, () => ({ queue, kind: "scan", payload: { body } }));
  const { submitted: all } = await owner.tasks.submitTasks({ requestId: randomUUID(), specs });
  const ids = all.map(({ taskId }) => taskId);
  const finish = async (most: number, result = new Uint8Array([1])) => {
    const held = await worker.claim(queue, { count: most });
    const said = { case: "result", value: { body: result } } as const;
    const reports = held.map(({ hold }) => ({ hold: hold as NonNullable<typeof hold>, said }));
    await worker.work.reportTasks({ reports });
    return held.map(({ task }) => task?.id ?? "");
  };
  return { owner, ids, finish };
}

test("what has ended is answered at once, and nothing else", async () => {
  const { owner, ids, finish } = await submitted(3);
  const none = await owner.tasks.waitTasks({ taskIds: ids });
  expect([none.tasks, none.unknownIds]).toEqual([[], []]);
  const done = await finish(2);
  const { tasks } = await owner.tasks.waitTasks({ taskIds: ids, wait });
  expect(tasks.map(({ id }) => id).toSorted()).toEqual(done.toSorted());
  expect(tasks[0]).toMatchObject({ state: TaskState.COMPLETED });
  expect(tasks[0]?.spec?.payload?.body).toEqual(new Uint8Array([7]));
  expect(tasks[0]?.result?.body).toEqual(new Uint8Array([1]));
});

test("who waits is answered with the first that end, however they do", async () => {
  const { owner, ids, finish } = await submitted(3);
  const first = owner.tasks.waitTasks({ taskIds: ids, wait });
  const [done] = await finish(1);
  expect((await first).tasks.map(({ id }) => id)).toEqual([done]);
  const [off = ""] = ids.filter((id) => id !== done);
  const second = owner.tasks.waitTasks({ taskIds: ids.filter((id) => id !== done), wait });
  await owner.tasks.cancelTask({ requestId: randomUUID(), taskId: off, reason: "wrong" });
  expect((await second).tasks).toMatchObject([{ id: off, state: TaskState.CANCELED }]);
});

test("those that nobody knows here are named, and spoil nothing", async () => {
  const { owner, ids, finish } = await submitted(1);
  await finish(1);
  const asked = { taskIds: ["task_none", ...ids], wait };
  const both = await owner.tasks.waitTasks(asked);
  expect(both).toMatchObject({ tasks: [{ id: ids[0] }], unknownIds: ["task_none"] });
  const foreign = await taskCalls(local, strangerNode()).tasks.waitTasks({ taskIds: ids, wait });
  expect([foreign.tasks, foreign.unknownIds]).toEqual([[], ids]);
});

test("who may only look sees neither payload nor result", async () => {
  const { ids, finish } = await submitted(1);
  await finish(1);
  const { tasks } = taskCalls(local, personOf(Role.OBSERVER));
  const [seen] = (await tasks.waitTasks({ taskIds: ids })).tasks;
  expect([seen?.id, seen?.spec?.payload, seen?.result]).toEqual([ids[0], undefined, undefined]);
});

test("a thousand are waited for, each once, for a minute at most", async () => {
  const { owner, ids, finish } = await submitted(1_000);
  const left = new Set(ids);
  const all = (async () => {
    let calls = 0;
    for (; left.size > 0; calls += 1) {
      const { tasks } = await owner.tasks.waitTasks({ taskIds: [...left], wait });
      for (const { id } of tasks) left.delete(id);
    }
    return calls;
  })();
  for (let done = 0; done < ids.length;) done += (await finish(256)).length;
  // At most one a batch of ends, and those that did not fit into one answer.
  expect(await all).toBeLessThan(100);
  const [id = ""] = ids;
  const refused = { reason: Reason.INVALID_REQUEST };
  const wrong = [
    { taskIds: [...ids, "task_one_more"] },
    { taskIds: [] },
    { taskIds: [id, id] },
    { taskIds: [id], wait: durationFromMs(60_001) },
    { taskIds: [id], wait: durationFromMs(-1) },
    { taskIds: ["x".repeat(65)] },
  ];
  for (const each of wrong)
    await expect(owner.tasks.waitTasks(each)).rejects.toMatchObject(refused);
  const { unknownIds } = await owner.tasks.waitTasks({ taskIds: ["x".repeat(64)], wait });
  expect(unknownIds).toHaveLength(1);
});

test("an answer carries as many as fit into it, and the next one the others", async () => {
  const { owner, ids, finish } = await submitted(6, new Uint8Array(100_000));
  await finish(6, new Uint8Array(250_000));
  const first = await owner.tasks.waitTasks({ taskIds: ids });
  expect(first.tasks).toHaveLength(2);
  const had = new Set(first.tasks.map(({ id }) => id));
  const { tasks } = await owner.tasks.waitTasks({ taskIds: ids.filter((id) => !had.has(id)) });
  expect(tasks).toHaveLength(2);
  expect(tasks.some(({ id }) => had.has(id))).toBe(false);
});

test("who waits too often is told to come again, and who is gone waits no more", async () => {
  const { owner, ids: taskIds } = await submitted(2);
  const gone = new AbortController();
  const waits = Array.from({ length: waitsMax }, () =>
    owner.tasks.waitTasks({ taskIds, wait }, { signal: gone.signal }),
  );
  const tooMany = { reason: Reason.RATE_LIMITED };
  const more = () => owner.tasks.waitTasks({ taskIds });
  await expect(more()).rejects.toMatchObject(tooMany);
  const other = taskCalls(local, personOf(Role.MEMBER));
  expect((await other.tasks.waitTasks({ taskIds })).tasks).toEqual([]);
  gone.abort();
  await Promise.allSettled(waits);
  await expect.poll(async () => (await more()).tasks, patient).toEqual([]);
});

test("a wait is over before the hub would end the call, and when the hub stops", async () => {
  const hasty = await startLocalHub({ values: { ...freely, call_ms_max: "2000" } });
  const { id } = await taskCalls(hasty).submit({ queue: newQueue() });
  const { tasks } = taskCalls(hasty);
  expect((await tasks.waitTasks({ taskIds: [id], wait })).tasks).toEqual([]);
  const worker = taskCalls(hasty, (await joinNode(hasty.hub)).caller);
  expect(await worker.claim(newQueue(), { waitMs: 60_000 })).toEqual([]);
  await hasty.stop({ keep: true });
  const values = { ...freely, drain_ms: "20000" };
  const again = await startLocalHub({ values, again: hasty });
  const waits = taskCalls(again).tasks.waitTasks({ taskIds: [id], wait });
  await taskCalls(again).tasks.getTask({ taskId: id });
  await again.stop();
  expect((await waits).tasks).toEqual([]);
});
