import { randomUUID } from "node:crypto";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { create } from "@bufbuild/protobuf";
import { QueueSettingsSchema } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { lineOf } from "@foedus/kernel/task/line.ts";
import { expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { sharedTasks, tasksOf } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { claimTasks } from "./claim.store.ts";
import { saveSettings } from "./queue.store.ts";
import { turnGiver } from "./turn.store.ts";

const tasks = sharedTasks();

const many = (count: number, init = {}) => Array.from({ length: count }, () => init);

test("of many claimers at once each task goes to one", async () => {
  const { submit, claim } = tasksOf(tasks, newTenant());
  await submit(...many(60));
  const claims = await Promise.all(many(12).map((_, at) => claim(10, { nodeId: `node_${at}` })));
  const ids = claims.flat().map(({ live }) => live.id);
  expect(new Set(ids).size).toBe(ids.length);
  const rest = await claim(100);
  expect(ids.length + rest.length).toBe(60);
});

test("a claim gets the lowest turns of all lines it names, in order, and no others", async () => {
  const { submit, claim, stateOf } = tasksOf(tasks, newTenant());
  const [low, high] = [
    { kind: "a", priority: 1 },
    { kind: "b", priority: 10 },
  ];
  const other = { kind: "c", priority: 10 };
  await submit(...many(3, low), ...many(3, high));
  const [elsewhere] = await submit(other);
  const claimed = await claim(10, { inits: [low, high] });
  expect(claimed.map(({ spec }) => spec.kind)).toEqual(["b", "b", "b", "a", "a", "a"]);
  const turns = claimed.map(({ live }) => live.standing.turn);
  expect(turns).toEqual(turns.toSorted((one, two) => one - two));
  expect(await stateOf(elsewhere?.task.live.id ?? "")).toBe(TaskState.SUBMITTED);
});

test("keys share a queue by their weights, and who comes later is not behind a backlog", async () => {
  const tenant = newTenant();
  const { submit, claim } = tasksOf(tasks, tenant);
  const settings = create(QueueSettingsSchema, { weights: { big: 2 } });
  await tasks.storage.tenant(tenant, (tx) => saveSettings(tx, "work", settings));
  await submit(...many(100, { fairnessKey: "small" }));
  await claim(50);
  await submit(...many(40, { fairnessKey: "big" }));
  const keys = (await claim(30)).map(({ spec }) => spec.fairnessKey);
  expect(keys.filter((key) => key === "big")).toHaveLength(20);
});

test("workers of one claim share it fairly: each gets one before one gets two", async () => {
  const tenant = newTenant();
  const { submit, specOf } = tasksOf(tasks, tenant);
  await submit(...many(5));
  const wish = (count: number, at: number) => {
    return { nodeId: `node_${at}`, worker: "w", claimId: randomUUID(), count };
  };
  const lines = [lineOf(specOf({})).id];
  const wishes = [10, 10, 1].map(wish);
  const claimed = await claimTasks(tasks.storage, { tenant, queue: "work", lines, wishes });
  expect(claimed.tasks.map((each) => each.length)).toEqual([2, 2, 1]);
});

test("asked again, a claim gets the same tasks and no more, as long as it holds them", async () => {
  const { submit, claim, say } = tasksOf(tasks, newTenant());
  await submit(...many(6));
  const claimId = randomUUID();
  const first = await claim(2, { claimId });
  const again = await claim(2, { claimId });
  const idsOf = (all: typeof first) => all.map(({ live }) => live.id);
  expect(idsOf(again)).toEqual(idsOf(first));
  expect(again[0]?.live.standing.fence).toBe(1);
  const foreign = await claim(1, { claimId, nodeId: "node_2" });
  expect(idsOf(first)).not.toContain(foreign[0]?.live.id);
  for (const stored of first) await say(stored, { case: "returned" });
  expect(await claim(6, { claimId: randomUUID() })).toHaveLength(5);
});

test("nothing is claimed from a queue that is paused", async () => {
  const tenant = newTenant();
  const { submit, claim } = tasksOf(tasks, tenant);
  await submit({}, {});
  const set = (paused: boolean) =>
    tasks.storage.tenant(tenant, (tx) =>
      saveSettings(tx, "work", create(QueueSettingsSchema, { paused })),
    );
  await set(true);
  expect(await claim(1)).toEqual([]);
  await set(false);
  expect(await claim(1)).toHaveLength(1);
});

test("a queue with a rate is claimed from no faster, to the millisecond", async () => {
  const tenant = newTenant();
  const { submit, claim } = tasksOf(tasks, tenant);
  await submit(...many(10));
  const settings = create(QueueSettingsSchema, { rate: { perMinute: 60, burst: 3 } });
  await tasks.storage.tenant(tenant, (tx) => saveSettings(tx, "work", settings));
  expect(await claim(10)).toHaveLength(3);
  expect(await claim(10)).toHaveLength(0);
  tasks.pass(999);
  expect(await claim(10)).toHaveLength(0);
  tasks.pass(1);
  expect(await claim(10)).toHaveLength(1);
});

test("many who ask for turns at the same time get different ones, in the lane's order", async () => {
  const tenant = newTenant();
  const giver = turnGiver(tasks.storage);
  const wish = { tenant, queue: "work", fairnessKey: "", priority: 9, weight: 1, count: 3 };
  const given = await Promise.all([giver.add(wish), giver.add(wish), giver.add(wish)]);
  const turns = given.flat();
  expect(turns).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18]);
  const other = { ...wish, fairnessKey: "a", priority: 10 };
  expect(await giver.add(other)).toEqual([1, 2, 3]);
});

test("of many lines the first tasks are claimed, and few others are held meanwhile", async () => {
  const tenant = newTenant();
  const { claim, ids } = tasksOf(tasks, tenant);
  const inits = Array.from({ length: 300 }, (_, at) => ({ kind: `kind-${at}` }));
  const all = await ids(...inits);
  const first = await claim(3, { inits: inits.toReversed() });
  expect(first.map(({ live }) => live.id)).toEqual(all.slice(0, 3));
  // A row that was locked and left as it was has the mark of whoever locked it.
  const claimer = `select xmin from task where tenant_id = '${tenant}' and state = 2`;
  const locked = `select id from task where state = 1 and xmax in (${claimer})`;
  expect((await rowsOf(tasks.url, locked)).length).toBeLessThan(50);
  const rest = await claim(300, { inits });
  expect(rest.map(({ live }) => live.id)).toEqual(all.slice(3));
});

test("what a rate let pass and nobody took passes later", async () => {
  const tenant = newTenant();
  const { submit, claim } = tasksOf(tasks, tenant);
  const settings = create(QueueSettingsSchema, { rate: { perMinute: 60, burst: 3 } });
  await tasks.storage.tenant(tenant, (tx) => saveSettings(tx, "work", settings));
  await submit(...many(1));
  expect(await claim(10)).toHaveLength(1);
  expect(await claim(10)).toHaveLength(0);
  await submit(...many(5));
  expect(await claim(10)).toHaveLength(2);
  expect(await claim(10)).toHaveLength(0);
});
