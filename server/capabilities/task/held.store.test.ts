import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { QueueSettingsSchema } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { lineOf } from "@foedus/kernel/task/line.ts";
import { expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { done, sharedTasks, tasksOf } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { claimTasks } from "./claim.store.ts";
import { saveSettings } from "./queue.store.ts";
import type { Stored } from "./row.store.ts";

const tasks = sharedTasks();

const many = (count: number) => Array.from({ length: count }, () => ({}));
const idsOf = (all: readonly Stored[]) => all.map(({ live }) => live.id).toSorted();
/** A lease of the tests' tasks, and a little. */
const lapsedMs = 10_001;

function claimsOf(tenant: string): Promise<Record<string, unknown>[]> {
  return rowsOf(tasks.url, `select * from task_claim where tenant_id = '${tenant}'`);
}

test("two nodes that chose the same claim_id each get their own again, and both can lapse", async () => {
  const { submit, claim, wake, stateOf } = tasksOf(tasks, newTenant());
  await submit(...many(5));
  const claimId = randomUUID();
  const one = await claim(2, { claimId, nodeId: "node_1" });
  const two = await claim(3, { claimId, nodeId: "node_2" });
  expect(new Set([...idsOf(one), ...idsOf(two)]).size).toBe(5);
  expect(idsOf(await claim(9, { claimId, nodeId: "node_1" }))).toEqual(idsOf(one));
  expect(idsOf(await claim(9, { claimId, nodeId: "node_2" }))).toEqual(idsOf(two));
  tasks.pass(lapsedMs);
  await wake();
  for (const id of [...idsOf(one), ...idsOf(two)]) {
    expect(await stateOf(id)).toBe(TaskState.SCHEDULED);
  }
});

test("a claim_id whose tasks are done serves again, and keeps no word of those", async () => {
  const tenant = newTenant();
  const { submit, claim, say } = tasksOf(tasks, tenant);
  await submit(...many(4));
  const claimId = randomUUID();
  const first = await claim(2, { claimId });
  for (const stored of first) await say(stored, { case: "result", result: done });
  const second = await claim(2, { claimId });
  expect(idsOf(second)).not.toEqual(idsOf(first));
  const [row] = await claimsOf(tenant);
  const ids = row?.["ids"] as string[] | undefined;
  expect(ids?.toSorted()).toEqual(idsOf(second));
});

test("one claim of several that is repeated is answered, and takes nothing off the others", async () => {
  const tenant = newTenant();
  const { submit, claim, specOf } = tasksOf(tasks, tenant);
  await submit(...many(6));
  const claimId = randomUUID();
  const held = await claim(2, { claimId });
  const holder = { nodeId: "node_1", worker: "w" };
  const wishes = [
    { ...holder, claimId: randomUUID(), count: 3 },
    { ...holder, claimId, count: 2 },
    { ...holder, claimId: randomUUID(), count: 3 },
  ];
  const lines = [lineOf(specOf({})).id];
  const claimed = await claimTasks(tasks.storage, { tenant, queue: "work", lines, wishes });
  expect(claimed.tasks.map((each) => each.length)).toEqual([2, 2, 2]);
  expect(idsOf(claimed.tasks[1] ?? [])).toEqual(idsOf(held));
});

test("a repeated claim uses none of the queue's rate", async () => {
  const tenant = newTenant();
  const { submit, claim } = tasksOf(tasks, tenant);
  await submit(...many(6));
  const settings = create(QueueSettingsSchema, { rate: { perMinute: 60, burst: 3 } });
  await tasks.storage.tenant(tenant, (tx) => saveSettings(tx, "work", settings));
  const claimId = randomUUID();
  const held = await claim(2, { claimId });
  for (let again = 0; again < 3; again++) {
    expect(idsOf(await claim(2, { claimId }))).toEqual(idsOf(held));
  }
  expect(await claim(5)).toHaveLength(1);
});

test("a hold that is renewed outlives its claim's time, and lapses by its own", async () => {
  const tenant = newTenant();
  const { submit, claim, say, wake, stateOf } = tasksOf(tasks, tenant);
  await submit(...many(3));
  const held = await claim(3);
  const [renewed, ended, silent] = held as [Stored, Stored, Stored];
  tasks.pass(6_000);
  await say(renewed, { case: "beat", progress: undefined });
  await say(ended, { case: "result", result: done });
  tasks.pass(5_000);
  await wake();
  expect(await stateOf(renewed.live.id)).toBe(TaskState.WORKING);
  expect(await stateOf(silent.live.id)).toBe(TaskState.SCHEDULED);
  const [row] = await claimsOf(tenant);
  expect(row?.["ids"]).toEqual([renewed.live.id]);
  tasks.pass(5_001);
  await wake();
  expect(await stateOf(renewed.live.id)).toBe(TaskState.SCHEDULED);
  expect(await claimsOf(tenant)).toEqual([]);
});

test("a held task that somebody works on at its time is looked at again", async () => {
  const tenant = newTenant();
  const { submit, claim, wake, stateOf } = tasksOf(tasks, tenant);
  await submit({});
  const [held] = (await claim(1)) as [Stored];
  tasks.pass(lapsedMs);
  await tasks.storage.sweep(async (tx) => {
    await tx.sql
      .selectFrom("task")
      .select("id")
      .where("id", "=", held.live.id)
      .forUpdate()
      .execute();
    await wake();
  });
  expect(await stateOf(held.live.id)).toBe(TaskState.WORKING);
  tasks.pass(1_000);
  await wake();
  expect(await stateOf(held.live.id)).toBe(TaskState.SCHEDULED);
});
