// Queues, schedules, and looking at tasks while they go on.
import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Queue } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { NeedsSchema, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import { freely, joinNode, personOf } from "../../../tests/support/joined.ts";
import { openShift, patient, taskCalls } from "../../../tests/support/tasked.ts";
import { schedulesMax } from "./schedule.rpc.ts";

let local: LocalHub;
beforeAll(async () => {
  local = await startLocalHub({ values: freely });
});
afterAll(() => local.stop());

let made = 0;
const newQueue = () => `queue-${++made}`;
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

test("a schedule submits in its owner's name when its time has come, and is its owner's", async () => {
  const [queue, name] = [newQueue(), "nightly"];
  const member = personOf(Role.MEMBER);
  const { queues, tasks } = taskCalls(local, member);
  const wanted = { name, cron: "30 4 * * *", spec: { queue, kind: "scan" }, skipIfRunning: true };
  const set = (schedule: object) =>
    queues.setSchedule({ requestId: randomUUID(), schedule: { ...wanted, ...schedule } });
  const wrong = set({ cron: "61 * * * *" });
  await expect(wrong).rejects.toMatchObject({ reason: Reason.TASK_CRON_INVALID });
  const { times } = await set({});
  expect(times).toHaveLength(5);
  const bring = () =>
    rowsOf(local.url, `update task_schedule set next_ms = 1 where name = '${name}'`);
  const stands = async () => (await queues.listSchedules({})).schedules[0];
  await bring();
  await expect.poll(async () => (await stands())?.lastTaskId, patient).not.toBe("");
  const { tasks: submitted } = await tasks.listTasks({ queue });
  const schedule = await stands();
  expect(submitted).toMatchObject([{ submitter: member.id, scheduleId: schedule?.id }]);
  await bring();
  const skipped = { skipped: 1n, lastProblem: "its last task has not ended" };
  await expect.poll(stands, patient).toMatchObject(skipped);
  const { queues: others } = taskCalls(local, { ...member, id: "person/other" });
  const drop = { requestId: randomUUID(), name };
  const notTheirs = { reason: Reason.NOT_YOURS };
  await expect(others.deleteSchedule(drop)).rejects.toMatchObject(notTheirs);
  await queues.deleteSchedule(drop);
  expect(await stands()).toBeUndefined();
});

test("whatever goes wrong with a schedule is its problem, and the others go on", async () => {
  const queue = newQueue();
  await rowsOf(
    local.url,
    `create function out_of_order() returns trigger language plpgsql as
      $$ begin raise exception 'out of order'; end $$;
    create trigger out_of_order before insert on task for each row
      when (new.queue = '${queue}' and new.kind = 'broken') execute function out_of_order()`,
  );
  const { queues } = owner();
  for (const kind of ["broken", "whole"]) {
    const schedule = { name: kind, cron: "0 0 1 1 *", spec: { queue, kind } };
    await queues.setSchedule({ requestId: randomUUID(), schedule });
  }
  await rowsOf(local.url, `update task_schedule set next_ms = 1 where name in ('broken', 'whole')`);
  const stands = async (name: string) =>
    (await queues.listSchedules({})).schedules.find((schedule) => schedule.name === name);
  await expect.poll(async () => (await stands("whole"))?.lastTaskId, patient).not.toBe("");
  const problem = async () => (await stands("broken"))?.lastProblem;
  await expect.poll(problem, patient).toContain("out of order");
  expect(await stands("broken")).toMatchObject({ skipped: 1n, lastTaskId: "" });
  const due = `select 1 from task_schedule where name = 'broken' and next_ms > 1`;
  expect(await rowsOf(local.url, due)).toHaveLength(1);
});

test("a tenant has up to 1,000 schedules", async () => {
  const crowded = { ...personOf(Role.ADMIN), tenant: tenantProved("crowded") };
  const { queues } = taskCalls(local, crowded);
  const set = (name: string) => {
    const schedule = { name, cron: "0 0 1 1 *", spec: { queue: "crowd", kind: "scan" } };
    return queues.setSchedule({ requestId: randomUUID(), schedule });
  };
  await rowsOf(
    local.url,
    `insert into task_schedule (tenant_id, name, next_ms, body)
      select 'crowded', 'known-' || n, null, '' from generate_series(1, ${schedulesMax - 1}) as n`,
  );
  await expect(set("last")).resolves.toBeDefined();
  const full = { reason: Reason.LIMIT_EXCEEDED };
  await expect(set("one-more")).rejects.toMatchObject(full);
  await expect(set("last")).resolves.toBeDefined();
  await queues.deleteSchedule({ requestId: randomUUID(), name: "last" });
  await expect(set("one-more")).resolves.toBeDefined();
});
