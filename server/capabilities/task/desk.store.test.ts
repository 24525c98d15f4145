import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { QueueSettingsSchema } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { NeedsSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { expect, test } from "vitest";
import { sharedTasks, tasksOf, type SpecInit } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { linesOldMs } from "./counter.loop.ts";
import { Desk } from "./desk.loop.ts";
import { saveSettings } from "./queue.store.ts";
import type { Stored } from "./row.store.ts";

const tasks = sharedTasks();

const offer = { kinds: [], capabilities: [], labels: {}, models: [] };
const wait = new AbortController().signal;

/** A desk, workers that wait at it, and who got what. */
function deskOf(tenant: TenantId) {
  const desk = new Desk(tasks.storage);
  const own = tasksOf(tasks, tenant);
  const got = new Map<string, readonly Stored[]>();
  const claim = async (name: string, count: number, gone = wait, over?: AbortSignal) => {
    const holder = { nodeId: name, worker: "w", claimId: randomUUID() };
    const node = { nodeId: name, labels: {} };
    const who = { tenant, queue: "work", holder, offer, node, mayRepeat: false };
    got.set(name, await desk.claim({ ...who, count: () => count }, gone, over));
  };
  const submit = async (...inits: SpecInit[]) => {
    const taken = await own.submit(...inits);
    desk.ready(taken.map(({ task: { queue, line } }) => ({ tenant, queue, line })));
  };
  return { desk, claim, submit, got };
}

const names = Array.from({ length: 10 }, (_, at) => `node_${at}`);

test("tasks are shared out fairly among those who wait", async () => {
  const { desk, claim, submit, got } = deskOf(newTenant());
  const all = Promise.all(names.map((name) => claim(name, 10)));
  await submit(...names.flatMap(() => [{}, {}]));
  await all;
  expect([...got.values()].map(({ length }) => length)).toEqual(names.map(() => 2));
  expect(desk.waiting).toBe(0);
});

test("one task wakes one of many, and the others go on waiting", async () => {
  const { desk, claim, submit, got } = deskOf(newTenant());
  for (const name of names) void claim(name, 5);
  await submit({});
  await expect.poll(() => got.size).toBe(1);
  expect(desk.waiting).toBe(names.length - 1);
  await submit({ needs: create(NeedsSchema, { capabilities: ["ocr"] }) });
  await submit({ needs: create(NeedsSchema, { nodeId: "node_7" }) }, {});
  await expect.poll(() => got.size).toBe(3);
  const named = [...got].filter(([, held]) => held.some(({ spec }) => spec.needs?.nodeId));
  expect(named.map(([name]) => name).filter((name) => name !== "node_7")).toEqual([]);
});

test("whoever has waited long enough takes what there is, and whoever is gone gets nothing", async () => {
  const { desk, claim, submit, got } = deskOf(newTenant());
  const [gone, over] = [new AbortController(), new AbortController()];
  const both = [claim("gone", 1, gone.signal), claim("late", 1, wait, over.signal)];
  gone.abort();
  over.abort();
  await submit({});
  await Promise.all(both);
  expect([got.get("gone")?.length, got.get("late")?.length]).toEqual([0, 1]);
  await expect.poll(() => desk.waiting).toBe(0);
});

test("what was submitted elsewhere is found by looking", async () => {
  const tenant = newTenant();
  const { desk, claim, got } = deskOf(tenant);
  void claim("one", 1);
  await tasksOf(tasks, tenant).submit({});
  // Lines are read again after a while: another process may have made new ones.
  tasks.pass(2_000);
  await desk.look();
  await expect.poll(() => got.get("one")?.length).toBe(1);
});

test("who waits for a rate is asked for the moment that it lets one more pass", async () => {
  const tenant = newTenant();
  const { claim, submit, got } = deskOf(tenant);
  const settings = create(QueueSettingsSchema, { rate: { perMinute: 1, burst: 1 } });
  await tasks.storage.tenant(tenant, (tx) => saveSettings(tx, "work", settings));
  await submit({}, {}, {});
  await claim("one", 1);
  const second = claim("two", 1);
  await claim("hasty", 1, wait, AbortSignal.abort());
  tasks.pass(59_999);
  await claim("hasty", 1, wait, AbortSignal.abort());
  expect([...got.keys()]).toEqual(["one", "hasty"]);
  tasks.pass(1);
  await second;
  expect(got.get("two")).toHaveLength(1);
  expect(got.get("hasty")).toHaveLength(0);
});

test("whose claim cannot be read fails alone, and those beside it get theirs", async () => {
  const tenant = newTenant();
  const desk = new Desk(tasks.storage);
  await tasksOf(tasks, tenant).submit({}, {});
  const claim = (nodeId: string, claimId: string, mayRepeat: boolean) => {
    const [holder, node] = [
      { nodeId, worker: "w", claimId },
      { nodeId, labels: {} },
    ];
    const who = { tenant, queue: "work", holder, offer, node, mayRepeat };
    const over = mayRepeat ? AbortSignal.abort() : wait;
    return desk.claim({ ...who, count: () => 1 }, wait, over);
  };
  const settled = await Promise.allSettled([
    claim("first", randomUUID(), false),
    claim("odd", "no id", true),
    claim("odder", "none either", false),
    claim("last", randomUUID(), true),
  ]);
  expect(settled).toMatchObject([
    { status: "fulfilled", value: [{ spec: { kind: "scan" } }] },
    { status: "rejected", reason: { code: "22P02" } },
    { status: "rejected", reason: { code: "22P02" } },
    { status: "fulfilled", value: [{ spec: { kind: "scan" } }] },
  ]);
  expect(desk.waiting).toBe(0);
});

test("where many queues are waited at, each is looked at in its turn", async () => {
  const tenant = newTenant();
  const desk = new Desk(tasks.storage, { looksMax: 2 });
  const last = ["c", "d", "e"];
  const queues = ["a", "b", ...last];
  const got: string[] = [];
  for (const queue of queues) {
    const holder = { nodeId: queue, worker: "w", claimId: randomUUID() };
    const node = { nodeId: queue, labels: {} };
    const who = { tenant, queue, holder, offer, node, mayRepeat: false, count: () => 1 };
    void desk.claim(who, wait).then(() => got.push(queue));
    // Who will not wait is answered once all are asked for: from here on only a look finds more.
    const hasty = { ...who, holder: { ...holder, claimId: randomUUID() }, mayRepeat: true };
    expect(await desk.claim(hasty, wait, AbortSignal.abort())).toEqual([]);
  }
  await tasksOf(tasks, tenant).submit(...last.map((queue) => ({ queue })));
  const looked = async () => {
    tasks.pass(2_000);
    await desk.look();
    return got.toSorted();
  };
  await expect.poll(looked).toEqual(last);
});

test("what comes into a new line is taken while workers are busy with others", async () => {
  const tenant = newTenant();
  const [here, there] = [deskOf(tenant), tasksOf(tasks, tenant)];
  await here.submit(...Array.from({ length: 20 }, () => ({})));
  const next = async () => {
    await here.claim("one", 1);
    return here.got.get("one")?.[0]?.spec.kind;
  };
  expect(await next()).toBe("scan");
  // Another process takes it: nobody rings here, and a worker that never waits is not looked for.
  await there.submit({ kind: "urgent", priority: 10 });
  expect(await next()).toBe("scan");
  tasks.pass(linesOldMs);
  expect(await next()).toBe("urgent");
});

test("what another process put into a new line comes with whatever rings", async () => {
  const tenant = newTenant();
  const { desk, claim, submit, got } = deskOf(tenant);
  await submit({});
  await claim("one", 1);
  const holder = { nodeId: "painter", worker: "w", claimId: randomUUID() };
  const node = { nodeId: "painter", labels: {} };
  const paints = { ...offer, kinds: ["paint"] };
  const wish = { tenant, queue: "work", holder, offer: paints, node, mayRepeat: false };
  const painted = desk.claim({ ...wish, count: () => 1 }, wait);
  await tasksOf(tasks, tenant).submit({ kind: "paint" });
  tasks.pass(linesOldMs);
  void claim("two", 1);
  await submit({});
  expect((await painted)[0]?.spec.kind).toBe("paint");
  await expect.poll(() => got.get("two")?.length).toBe(1);
});

test("who comes the moment that a round ends is asked for", async () => {
  const { claim, submit, got } = deskOf(newTenant());
  const moments = Array.from({ length: 24 }, (_, at) => at);
  await submit(...moments.map(() => ({})));
  for (const moment of moments) {
    await claim(`node_${moment}`, 1);
    for (let passed = 0; passed < moment; passed++) await Promise.resolve();
  }
  expect(got.size).toBe(moments.length);
});
