import { create } from "@bufbuild/protobuf";
import { ProgressSchema, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  WatchTaskRequestSchema,
  type WatchTaskResponseSchema,
} from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { personOf } from "../../../tests/support/joined.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { patient } from "../../../tests/support/tasked.ts";
import { done, tasksOf, type Tasks } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import type { HubIdentity } from "../../runtime/capability.ts";
import { openProcesses } from "../../runtime/processes.ts";
import { Crew } from "./crew.flow.ts";
import { Crews } from "./crews.loop.ts";
import { Pace } from "./pace.loop.ts";
import { Queues } from "./queues.flow.ts";
import { reportWriter } from "./report.store.ts";
import { Watches } from "./watch.loop.ts";
import { watchTask } from "./watch.rpc.ts";

let tasks: Tasks;
beforeAll(async () => {
  const { url } = await cloneDatabase();
  const storage = await openTestStorage(url);
  tasks = { url, storage, reports: reportWriter(storage), pass: () => undefined };
});
afterAll(() => tasks.storage.close());

const here = new AbortController().signal;
type Item = MessageInitShape<typeof WatchTaskResponseSchema>;
const stateOf = ({ task }: Item) => task?.state;

/** A task of a tenant of its own, and how it is watched. */
async function watchedOne() {
  const tenant = newTenant();
  const own = tasksOf(tasks, tenant);
  const watches = new Watches(tasks.storage);
  const [id = ""] = await own.ids({});
  const key = `${tenant}/${id}`;
  const watch = (signal: AbortSignal, revision = 0n, role = Role.MEMBER) => {
    const request = create(WatchTaskRequestSchema, { taskId: id, revision });
    const caller = { ...personOf(role), tenant };
    return watchTask({ hub: tasks.storage, watches }, caller, request, signal);
  };
  return { ...own, watches, id, key, watch };
}

test("many who watch one task cost a read or two for each change, and nothing once they are gone", async () => {
  const { watches, key, watch, claim } = await watchedOne();
  const gone = new AbortController();
  const told: (number | undefined)[][] = [];
  const all = Array.from({ length: 100 }, async () => {
    const own: (number | undefined)[] = [];
    told.push(own);
    for await (const item of watch(gone.signal)) own.push(stateOf(item));
  });
  const counts = (state: TaskState) => told.filter((own) => own.includes(state)).length;
  await expect.poll(() => counts(TaskState.SUBMITTED), patient).toBe(100);
  expect(watches.size).toBe(1);
  const before = watches.reads;
  await claim(1);
  watches.changed(key);
  await expect.poll(() => counts(TaskState.WORKING), patient).toBe(100);
  expect(watches.reads - before).toBeLessThan(10);
  gone.abort();
  await Promise.all(all);
  expect(watches.size).toBe(0);
});

test("a reader that is slow gets the newest, and nothing is kept for it meanwhile", async () => {
  const { watches, key, watch, claim, say } = await watchedOne();
  const reader = watch(here);
  expect(stateOf((await reader.next()).value as Item)).toBe(TaskState.SUBMITTED);
  const [held] = await claim(1);
  if (held === undefined) throw new Error("nothing to claim");
  for (let at = 0; at < 20; at++) {
    const progress = create(ProgressSchema, { message: `step ${at}` });
    await say(held, { case: "beat", progress });
    watches.changed(key);
  }
  const next = (await reader.next()).value as Item;
  expect(next.task?.attempt?.progress?.message).toBe("step 19");
  await say(held, { case: "result", result: done });
  watches.changed(key);
  expect(stateOf((await reader.next()).value as Item)).toBe(TaskState.COMPLETED);
  expect((await reader.next()).done).toBe(true);
  expect(watches.size).toBe(0);
});

test("who knows a revision hears of the next one only, also when it missed the end", async () => {
  const { watches, key, watch, claim, say } = await watchedOne();
  const known = (await watch(here).next()).value as Item;
  const reader = watch(here, known.task?.revision);
  const next = reader.next();
  await expect.poll(() => watches.size, patient).toBe(1);
  const [held] = await claim(1);
  watches.changed(key);
  const item = (await next).value as Item;
  expect(stateOf(item)).toBe(TaskState.WORKING);
  if (held === undefined) throw new Error("nothing to claim");
  await say(held, { case: "result", result: done });
  const last = watch(here, item.task?.revision);
  const end = (await last.next()).value as Item;
  expect(stateOf(end)).toBe(TaskState.COMPLETED);
  const late = watch(here, end.task?.revision);
  expect((await late.next()).done).toBe(true);
});

test("who may only look watches without payload and result, and a task that is not there is named", async () => {
  const { watch, claim, say, id } = await watchedOne();
  const [held] = await claim(1);
  if (held === undefined) throw new Error("nothing to claim");
  await say(held, { case: "result", result: done });
  const seen = (await watch(here, 0n, Role.OBSERVER).next()).value as Item;
  expect([seen.task?.id, seen.task?.result]).toEqual([id, undefined]);
  const whole = (await watch(here).next()).value as Item;
  expect(whole.task?.result).toEqual(done);
  const caller = { ...personOf(Role.ADMIN), tenant: newTenant() };
  const request = create(WatchTaskRequestSchema, { taskId: id });
  const watches = new Watches(tasks.storage);
  const foreign = watchTask({ hub: tasks.storage, watches }, caller, request, here);
  await expect(foreign.next()).rejects.toThrow(`no task ${id}`);
});

test("many who watch the queues of a tenant share a look, and see what comes after it", async () => {
  const { storage } = tasks;
  const identity = { hubId: "hub_1" } as HubIdentity;
  const crews = new Crews({ storage, processes: openProcesses(), identity }, new Crew());
  const queues = new Queues({ storage, crews, pace: new Pace(storage) });
  const [tenant, other] = [newTenant(), newTenant()];
  await tasksOf(tasks, tenant).submit({});
  const longMs = 60_000;
  const all = await Promise.all(Array.from({ length: 100 }, () => queues.of(tenant, longMs)));
  expect(all.map((each) => each.length)).toEqual(all.map(() => 1));
  expect(queues.looks).toBe(1);
  expect(await queues.of(other, longMs)).toEqual([]);
  await tasksOf(tasks, tenant).submit({});
  const [now] = await queues.of(tenant, 0);
  expect(now?.queue.ready).toBe(2n);
});
