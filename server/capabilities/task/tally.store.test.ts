import { create, fromBinary } from "@bufbuild/protobuf";
import { TaskEndedSchema } from "@foedus/gen/foedus/task/v1/task_event_pb.js";
import {
  CancellationSchema,
  FailureSchema,
  TaskState,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import { canceled } from "@foedus/kernel/task/decide.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { done, sharedTasks, tasksOf } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { lockTasks } from "./lock.store.ts";
import { Changes } from "./save.store.ts";
import { tellEnded } from "./tally.loop.ts";

const tasks = sharedTasks();

const final = create(FailureSchema, { reason: "BAD", isFinal: true });
const many = (count: number, init = {}) => Array.from({ length: count }, () => init);

/** What was told of a tenant's tasks, in its order. */
async function toldOf(tenant: TenantId) {
  const where = `tenant_id = '${tenant}' and kind = 'task_ended' order by seq`;
  const rows = await rowsOf(tasks.url, `select body from outbox_log where ${where}`);
  return rows.map(({ body }) => fromBinary(TaskEndedSchema, body as Buffer));
}

/** Calls off all of them in one transaction, which may die before its commit. */
async function callOff(tenant: TenantId, ids: readonly string[], dies = false): Promise<void> {
  await tasks.storage.sweep(async (tx) => {
    const found = await lockTasks(
      tx.sql,
      ids.map((id) => ({ tenant, id })),
    );
    const changes = new Changes();
    const why = create(CancellationSchema, { caller: "person/1", reason: "wrong" });
    for (const stored of found.values()) {
      changes.move(stored, canceled(stored.live, why, tx.nowMs));
    }
    await changes.save(tx);
    if (dies) throw new Error("the hub died");
  });
}

test("what ended is told once, however often and by however many it is told", async () => {
  const tenant = newTenant();
  const { submit, claim, say } = tasksOf(tasks, tenant);
  await submit(...many(12), { kind: "other" });
  const held = await claim(13, { inits: [{}, { kind: "other" }] });
  for (const [at, stored] of held.entries()) {
    const failed = { case: "failure", failure: final } as const;
    await say(stored, at < 2 ? failed : { case: "result", result: done });
  }
  await Promise.all([tellEnded(tasks.storage), tellEnded(tasks.storage)]);
  await tellEnded(tasks.storage);
  const told = await toldOf(tenant);
  const sum = (state: TaskState, kind: string) =>
    told
      .filter((each) => each.state === state && each.kind === kind)
      .reduce((total, { count }) => total + count, 0);
  expect(sum(TaskState.COMPLETED, "scan")).toBe(10);
  expect(sum(TaskState.COMPLETED, "other")).toBe(1);
  expect(sum(TaskState.FAILED, "scan")).toBe(2);
  const [single] = told.filter(({ kind }) => kind === "other");
  expect(single).toMatchObject({ count: 1, taskId: held.at(-1)?.live.id, queue: "work" });
  const [failed] = told.filter(({ state }) => state === TaskState.FAILED);
  expect(failed).toMatchObject({ reason: "BAD", nodeId: "node_1" });
});

test("many that end at once are one event, and a transaction that dies tells nothing", async () => {
  const tenant = newTenant();
  const { ids } = tasksOf(tasks, tenant);
  const all = await ids(...many(1_000));
  await expect(callOff(tenant, all, true)).rejects.toThrow("the hub died");
  await tellEnded(tasks.storage);
  expect(await toldOf(tenant)).toEqual([]);
  await callOff(tenant, all);
  await tellEnded(tasks.storage);
  const canceledOnes = { state: TaskState.CANCELED, count: 1_000, taskId: "", nodeId: "" };
  expect(await toldOf(tenant)).toMatchObject([canceledOnes]);
});

test("what a hub ended before it died is told by the next one", async () => {
  const tenant = newTenant();
  const { ids } = tasksOf(tasks, tenant);
  const [id = "", follower = ""] = await ids({}, { dependsOn: ["#0"] });
  await callOff(tenant, [id]);
  expect(await toldOf(tenant)).toEqual([]);
  await tellEnded(tasks.storage);
  const told = (await toldOf(tenant)).map(({ taskId, reason }) => [taskId, reason]);
  expect(told).toEqual([
    [id, ""],
    [follower, "TASK_DEPENDENCY_FAILED"],
  ]);
});
