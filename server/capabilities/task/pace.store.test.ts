// How fast queues go, sampled from what changed only.
import { beforeEach, expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { sharedTasks, tasksOf } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { flowsOf } from "./figure.store.ts";
import { Pace } from "./pace.loop.ts";
import { submitTasks } from "./submit.store.ts";

const tasks = sharedTasks();
beforeEach(() => rowsOf(tasks.url, "delete from task_count"));

const minuteMs = 60_000;
const many = (count: number, queue: string) => Array.from({ length: count }, () => ({ queue }));

test("queues that nothing changed in are not read", async () => {
  const tenant = newTenant();
  const { submit } = tasksOf(tasks, tenant);
  await submit(...many(3, "a"), ...many(2, "b"));
  const read = async (since?: string) => {
    const { flows, mark } = await flowsOf(tasks.storage, since);
    return { mark, counts: Object.fromEntries(flows.map((each) => [each.queue, each.submitted])) };
  };
  let last = await read();
  expect(last.counts).toEqual({ a: 3, b: 2 });
  /** Reads from mark to mark: what others do on this server meanwhile may be what it waits for. */
  const readOn = async () => (last = await read(last.mark)).counts;
  await expect.poll(readOn).toEqual({});
  await submit(...many(1, "b"));
  expect(await readOn()).toEqual({ b: 3 });
  await expect.poll(readOn).toEqual({});
});

test("what was under way while it was looked comes with the next look", async () => {
  const tenant = newTenant();
  const { specOf } = tasksOf(tasks, tenant);
  const { storage } = tasks;
  const specs = [{ spec: specOf({ queue: "slow" }), submitter: "person/1" }];
  const { mark } = await storage.tenant(tenant, async (tx) => {
    await submitTasks(tx, specs);
    await tasksOf(tasks, newTenant()).submit({ queue: "quick" });
    return await flowsOf(storage, undefined);
  });
  const { flows } = await flowsOf(storage, mark);
  expect(flows.map(({ queue }) => queue)).toContain("slow");
});

test("a pace is over five minutes, however long nothing was to be sampled", async () => {
  const tenant = newTenant();
  const { submit } = tasksOf(tasks, tenant);
  const pace = new Pace(tasks.storage);
  await submit(...many(5, "a"));
  await pace.look();
  const perMinute = (submitted: number) =>
    pace.speedOf(tenant, "a", { submitted, completed: 0 }).submittedPerMinute;
  expect(perMinute(5)).toBe(0);
  tasks.pass(60 * minuteMs);
  await pace.look();
  expect(perMinute(15)).toBe(2);
  await submit(...many(10, "a"));
  await pace.look();
  tasks.pass(4 * minuteMs);
  await pace.look();
  expect(perMinute(15)).toBe(2);
  tasks.pass(minuteMs + 1);
  expect(perMinute(15)).toBe(0);
});

test("queues that are there no more are forgotten", async () => {
  const tenant = newTenant();
  const { submit } = tasksOf(tasks, tenant);
  const pace = new Pace(tasks.storage);
  await submit({ queue: "a" }, { queue: "b" });
  await pace.look();
  pace.waited(tenant, "c", 1);
  expect(pace.size).toBe(3);
  await rowsOf(tasks.url, "delete from task_count where queue = 'a'");
  tasks.pass(60 * minuteMs);
  const looked = async () => {
    await pace.look();
    return pace.size;
  };
  await expect.poll(looked, { interval: 1 }).toBe(1);
});
