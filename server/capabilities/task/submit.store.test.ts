import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { QueueSettingsSchema } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import {
  FailureSchema,
  ProgressSchema,
  TaskSpecSchema,
  TaskState,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import { childrenOf } from "@foedus/kernel/task/child.ts";
import { retried } from "@foedus/kernel/task/decide.ts";
import { depthMaxDefault } from "@foedus/kernel/task/limits.ts";
import { expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { patient } from "../../../tests/support/tasked.ts";
import { done, sharedTasks, tasksOf } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { OvertakenError } from "../../runtime/storage/again.ts";
import { linesOf } from "./line.store.ts";
import { listTasks } from "./page.store.ts";
import { chargeParent, lockParent } from "./parent.store.ts";
import { saveSettings } from "./queue.store.ts";
import { revive } from "./save.store.ts";
import { submitTasks, type Turns } from "./submit.store.ts";
import { giveTurns, turnGiver } from "./turn.store.ts";

const tasks = sharedTasks();

const result = { case: "result", result: done } as const;
const final = create(FailureSchema, { reason: "BAD", isFinal: true });

test("while a task with a unique key lives, the queue takes no second one", async () => {
  const { submit, claim, say } = tasksOf(tasks, newTenant());
  const [first, same] = await submit({ uniqueKey: "k" }, { uniqueKey: "k" });
  expect([first?.existed, same?.existed]).toEqual([false, true]);
  expect(same?.task.live.id).toBe(first?.task.live.id);
  const [later, other] = await submit({ uniqueKey: "k" }, { uniqueKey: "k", queue: "elsewhere" });
  expect([later?.existed, other?.existed]).toEqual([true, false]);
  expect(later?.task.live.id).toBe(first?.task.live.id);
  const [held] = await claim(10);
  if (held === undefined) throw new Error("nothing to claim");
  await say(held, result);
  const [fresh] = await submit({ uniqueKey: "k" });
  expect(fresh?.existed).toBe(false);
});

test("many who submit the same key at once make one task", async () => {
  const { submit, recount } = tasksOf(tasks, newTenant());
  const all = await Promise.all(Array.from({ length: 8 }, () => submit({ uniqueKey: "k" })));
  expect(new Set(all.flat().map(({ task }) => task.live.id)).size).toBe(1);
  expect(await recount()).toMatchObject({ ready: 1 });
});

test("a task waits until all it depends on is completed, within its batch and without", async () => {
  const { ids, claim, say, stateOf, find } = tasksOf(tasks, newTenant());
  const [outside = ""] = await ids({});
  const [first = "", last = ""] = await ids({}, { dependsOn: ["#0", outside], kind: "after" });
  expect(await stateOf(last)).toBe(TaskState.BLOCKED);
  expect((await find(last)).waitsFor.toSorted()).toEqual([outside, first].toSorted());
  const held = await claim(10);
  expect(held.map(({ live }) => live.id)).toEqual([outside, first]);
  for (const [at, stored] of held.entries()) {
    await say(stored, result);
    expect(await stateOf(last)).toBe(at === 0 ? TaskState.BLOCKED : TaskState.SUBMITTED);
  }
  expect(await claim(10, { inits: [{ kind: "after" }] })).toHaveLength(1);
  const [late = ""] = await ids({ dependsOn: [outside] });
  expect(await stateOf(late)).toBe(TaskState.SUBMITTED);
});

test("places of a batch are kept as ids, each once", async () => {
  const { ids, find } = tasksOf(tasks, newTenant());
  const [old = ""] = await ids({ uniqueKey: "old" });
  const [first = "", same, last = "", sole = ""] = await ids(
    { uniqueKey: "k" },
    { uniqueKey: "k" },
    { dependsOn: ["#1", old, "#0", "#4"] },
    { dependsOn: ["#2"] },
    { uniqueKey: "old" },
  );
  expect(same).toBe(first);
  const kept = async (id: string) => (await find(id)).stored.spec.dependsOn;
  expect(await kept(last)).toEqual([first, old]);
  expect(await kept(sole)).toEqual([last]);
});

test("what depends on a task that failed is called off, all the way down", async () => {
  const { ids, claim, say, find, counts } = tasksOf(tasks, newTenant());
  const batch = [{}, { dependsOn: ["#0"] }, { dependsOn: ["#1"] }, { dependsOn: ["#0", "#2"] }];
  const [root = "", ...below] = await ids(...batch);
  const [held] = await claim(1);
  if (held === undefined) throw new Error("nothing to claim");
  await say(held, { case: "failure", failure: final });
  for (const id of below) {
    const { standing } = (await find(id)).stored.live;
    expect(standing.state).toBe(TaskState.CANCELED);
    expect(standing.failure?.reason).toBe("TASK_DEPENDENCY_FAILED");
  }
  expect(await counts()).toMatchObject({ blocked: 0, working: 0, ready: 0 });
  await expect(ids({ dependsOn: [root] })).rejects.toThrow("it is failed");
  await expect(ids({ dependsOn: ["task_none"] })).rejects.toThrow("there is no such task");
});

test("a circle is refused, also one that only a shared unique key closes", async () => {
  const { ids, recount } = tasksOf(tasks, newTenant());
  await expect(ids({ dependsOn: ["#1"] }, { dependsOn: ["#0"] })).rejects.toThrow("#0 -> #1 -> #0");
  const [key, other] = [{ uniqueKey: "k" }, { uniqueKey: "k" }];
  await expect(ids({ ...key, dependsOn: ["#1"] }, { dependsOn: ["#2"] }, other)).rejects.toThrow(
    "in a circle",
  );
  expect(await recount()).toMatchObject({ ready: 0, blocked: 0 });
});

test("a delayed task is ready when its time comes, to the millisecond", async () => {
  const { ids, stateOf, wake, claim } = tasksOf(tasks, newTenant());
  const startTime = timestampFromMs(tasks.storage.nowMs() + 5_000);
  const [id = ""] = await ids({ startTime });
  expect(await stateOf(id)).toBe(TaskState.SCHEDULED);
  tasks.pass(4_999);
  await wake();
  expect(await claim(1)).toHaveLength(0);
  tasks.pass(1);
  await wake();
  expect(await claim(1)).toHaveLength(1);
});

test("a queue takes so many tasks and not one more", async () => {
  const tenant = newTenant();
  const { ids } = tasksOf(tasks, tenant);
  const settings = create(QueueSettingsSchema, { depthMax: 3 });
  await tasks.storage.tenant(tenant, (tx) => saveSettings(tx, "work", settings));
  await ids({}, {});
  await expect(ids({}, {})).rejects.toThrow("the limit is 3");
  await expect(ids({})).resolves.toHaveLength(1);
});

test("a queue that says nothing takes a million tasks and not one more", async () => {
  const { ids } = tasksOf(tasks, newTenant());
  const [id = ""] = await ids({});
  const count = `update task_count set ready = ${depthMaxDefault - 1}
    where tenant_id = (select tenant_id from task where id = '${id}')`;
  await rowsOf(tasks.url, count);
  await expect(ids({}, {})).rejects.toThrow("the limit is 1000000");
  await expect(ids({})).resolves.toHaveLength(1);
  await expect(ids({})).rejects.toThrow("the limit is 1000000");
});

test("tasks are listed newest first, by what is asked for, whether they live or not", async () => {
  const tenant = newTenant();
  const { ids, claim, say } = tasksOf(tasks, tenant);
  const [one = "", two = "", three = ""] = await ids(
    { labels: { team: "a" } },
    {},
    { kind: "b", labels: { team: "a", stage: "x" } },
  );
  const [held] = await claim(1);
  if (held === undefined) throw new Error("nothing to claim");
  await say(held, result);
  const all = { queue: "", states: [], kind: "", nodeId: "", labels: {}, parentId: "" };
  const list = async (filter: object, after?: string, size = 10) => {
    const found = await listTasks(tasks.storage, tenant, { ...all, ...filter }, { after, size });
    return found.tasks.map(({ live }) => live.id);
  };
  const sorted = [one, two, three].toSorted().toReversed();
  expect(await list({})).toEqual(sorted);
  expect(await list({}, sorted[0], 1)).toEqual([sorted[1]]);
  expect(await list({ states: [TaskState.COMPLETED] })).toEqual([held.live.id]);
  expect(await list({ labels: { team: "a" } })).toEqual(sorted.filter((id) => id !== two));
  expect(await list({ kind: "b", queue: "work" })).toEqual([three]);
  expect(await list({ nodeId: "node_1" })).toEqual([held.live.id]);
  const lines = await linesOf(tasks.storage, tenant, "work");
  expect(lines.map(({ kind }) => kind).toSorted()).toEqual(["b", "scan"]);
});

test("a dead letter whose unique key is another's now is not revived", async () => {
  const tenant = newTenant();
  const { submit, claim, say, find } = tasksOf(tasks, tenant);
  await submit({ uniqueKey: "k" });
  const [held] = await claim(1);
  if (held === undefined) throw new Error("nothing to claim");
  await say(held, { case: "failure", failure: final });
  await submit({ uniqueKey: "k" });
  const { stored } = await find(held.live.id);
  const reviving = tasks.storage.sweep((tx) =>
    revive(tx, stored, retried(stored.live, stored.spec, "person/1", tx.nowMs)),
  );
  await expect(reviving).rejects.toThrow("is taken by another task");
  expect((await find(held.live.id)).stored.live.standing.state).toBe(TaskState.FAILED);
});

test("whoever revives a dead letter and who submits its unique key make one task", async () => {
  const tenant = newTenant();
  const { submit, claim, say, find, specOf, counts, recount } = tasksOf(tasks, tenant);
  await submit({ uniqueKey: "k" });
  const [held] = await claim(1);
  if (held === undefined) throw new Error("nothing to claim");
  await say(held, { case: "failure", failure: final });
  const { stored } = await find(held.live.id);
  const { storage, url } = tasks;
  const waiting = `select 1 from pg_locks where locktype = 'advisory' and not granted
    and database = (select oid from pg_database where datname = current_database())`;
  let reviving: Promise<unknown> | undefined;
  const turns: Turns = async (wishes) => {
    reviving = storage
      .sweep((tx) => revive(tx, stored, retried(stored.live, stored.spec, "person/1", tx.nowMs)))
      .catch((error: unknown) => error);
    await expect.poll(() => rowsOf(url, waiting), patient).toHaveLength(1);
    return await storage.tenant(tenant, (tx) => giveTurns(tx.sql, wishes));
  };
  const wanted = [{ spec: specOf({ uniqueKey: "k" }), submitter: "person/1" }];
  const [taken] = await storage.tenant(tenant, (tx) => submitTasks(tx, wanted, turns));
  expect(await find(taken?.task.live.id ?? "")).toMatchObject({ stored: { tenant } });
  expect(String(await reviving)).toContain("is taken by another task");
  expect(await counts()).toMatchObject({ ready: 1 });
  expect(await recount()).toMatchObject({ ready: 1 });
});

test("a submit whose unique key somebody took after it looked is to be tried again", async () => {
  const tenant = newTenant();
  const { submit, specOf } = tasksOf(tasks, tenant);
  const [old] = await submit({});
  const move = `update task set unique_key = 'k' where id = '${old?.task.live.id}'`;
  const turns: Turns = async (wishes) => {
    await rowsOf(tasks.url, move);
    return wishes.map(() => [1]);
  };
  const wanted = [{ spec: specOf({ uniqueKey: "k" }), submitter: "person/1" }];
  const submitting = tasks.storage.tenant(tenant, (tx) => submitTasks(tx, wanted, turns));
  await expect(submitting).rejects.toThrow(OvertakenError);
});

test("children are charged to a parent that their submitter holds, and to no other", async () => {
  const tenant = newTenant();
  const { submit, claim, find } = tasksOf(tasks, tenant);
  await submit({ budget: { unit: "token", limit: 10n } });
  const [held] = await claim(1);
  const id = held?.live.id ?? "";
  const parentOf = (nodeId: string) =>
    tasks.storage.tenant(tenant, async (tx) => {
      const parent = await lockParent(tx, id, nodeId);
      await chargeParent(tx, id, 4);
      return parent;
    });
  await expect(parentOf("node_2")).rejects.toThrow("the caller does not hold it");
  expect(await parentOf("node_1")).toMatchObject({ spent: 0 });
  expect(await parentOf("node_1")).toMatchObject({ spent: 4 });
  expect((await find(id)).stored.live.standing.spent).toBe(8);
});

test("what a parent's attempt has cost so far is not given to children", async () => {
  const tenant = newTenant();
  const { submit, claim, say } = tasksOf(tasks, tenant);
  await submit({ budget: { unit: "token", limit: 10n } });
  const [held] = await claim(1);
  if (held === undefined) throw new Error("nothing to claim");
  const progress = create(ProgressSchema, { spent: 7n });
  await say(held, { case: "beat", progress }, { spent: 7 });
  const { id } = held.live;
  const parent = await tasks.storage.tenant(tenant, (tx) => lockParent(tx, id, "node_1"));
  const child = (limit: bigint) => create(TaskSpecSchema, { budget: { unit: "token", limit } });
  expect(childrenOf(parent, [child(3n)]).taken).toBe(3);
  expect(() => childrenOf(parent, [child(4n)])).toThrow("3 token left");
});

test("many who submit at the same time fill a queue to its limit and no further", async () => {
  const tenant = newTenant();
  const { submit, counts } = tasksOf(tasks, tenant);
  const settings = create(QueueSettingsSchema, { depthMax: 10 });
  await tasks.storage.tenant(tenant, (tx) => saveSettings(tx, "work", settings));
  const submits = Array.from({ length: 9 }, () => submit({}, {}, {}));
  const results = await Promise.allSettled(submits);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
  expect((await counts())?.ready).toBe(9);
});

test("those who wait for others and those who do not submit beside each other", async () => {
  const tenant = newTenant();
  const { submit, specOf, counts } = tasksOf(tasks, tenant);
  const [first] = await submit({});
  const giver = turnGiver(tasks.storage);
  const turns: Turns = (wishes) => Promise.all(wishes.map((wish) => giver.add(wish)));
  const plain = () => {
    const wanted = [{ spec: specOf({}), submitter: "person/1" }];
    return tasks.storage.tenant(tenant, (tx) => submitTasks(tx, wanted, turns));
  };
  const waiting = () => submit({ dependsOn: [first?.task.live.id ?? ""] }, {});
  await Promise.all(Array.from({ length: 24 }, (_, at) => (at % 2 === 0 ? plain() : waiting())));
  const { ready, blocked } = (await counts()) ?? {};
  expect({ ready, blocked }).toEqual({ ready: 1 + 12 + 12, blocked: 12 });
});
