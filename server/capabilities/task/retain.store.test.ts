import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { ScheduleSchema } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { utcDay } from "@foedus/kernel/time.ts";
import { expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { done, sharedTasks, tasksOf } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { forgetLines, linesOf } from "./line.store.ts";
import { findTask } from "./list.store.ts";
import { addTaskDays, dropTaskDays, forgetLanes } from "./retain.store.ts";
import {
  dropSchedule,
  dueSchedules,
  listSchedules,
  lockSchedule,
  saveSchedule,
  takeDue,
} from "./schedule.store.ts";

const dayMs = 86_400_000;
const tasks = sharedTasks();

test("what ended is kept by days, and dropped with them", async () => {
  const tenant = newTenant();
  const { submit, claim, say, stateOf } = tasksOf(tasks, tenant);
  await addTaskDays(tasks.storage);
  await addTaskDays(tasks.storage);
  const day = utcDay(tasks.storage.nowMs()).replaceAll("-", "");
  const parts = async () =>
    (await rowsOf(tasks.url, `select 1 from pg_class where relname = 'task_done_log_${day}'`))
      .length;
  expect(await parts()).toBe(1);
  await submit({});
  const [held] = await claim(1);
  if (held === undefined) throw new Error("nothing to claim");
  await say(held, { case: "result", result: done });
  const { id } = held.live;
  tasks.pass(2 * dayMs);
  expect(await dropTaskDays(tasks.storage, 2)).toBe(0);
  expect(await stateOf(id)).toBe(TaskState.COMPLETED);
  expect(await dropTaskDays(tasks.storage, 1)).toBe(2);
  expect(await parts()).toBe(0);
  expect(await tasks.storage.tenant(tenant, (tx) => findTask(tx, id))).toBeUndefined();
});

test("lines and lanes are forgotten once nothing needs them", async () => {
  const tenant = newTenant();
  const { submit, claim } = tasksOf(tasks, tenant);
  await submit({}, { kind: "other" });
  const lines = async () => (await linesOf(tasks.storage, tenant, "work")).length;
  await forgetLines(tasks.storage);
  await forgetLanes(tasks.storage);
  expect(await lines()).toBe(2);
  const claimed = await claim(2, { inits: [{}, { kind: "other" }] });
  tasks.pass(dayMs + 1);
  expect(await forgetLines(tasks.storage)).toBe(0);
  for (const { live } of claimed) {
    const own = tasksOf(tasks, tenant);
    const { stored } = await own.find(live.id);
    await own.say(stored, { case: "result", result: done });
  }
  expect(await forgetLines(tasks.storage)).toBeGreaterThanOrEqual(2);
  expect(await forgetLanes(tasks.storage)).toBeGreaterThanOrEqual(1);
  expect(await lines()).toBe(0);
  await submit({});
  expect(await lines()).toBe(1);
});

test("of several hubs one takes a schedule that is due", async () => {
  const tenant = newTenant();
  const { storage } = tasks;
  const nextTime = timestampFromMs(storage.nowMs() + 1_000);
  const schedule = create(ScheduleSchema, { name: "nightly", cron: "0 4 * * *", nextTime });
  await storage.tenant(tenant, (tx) => saveSchedule(tx, tenant, schedule));
  const due = async () =>
    (await dueSchedules(storage, 10)).filter((each) => each.tenant === tenant);
  expect(await due()).toEqual([]);
  tasks.pass(1_000);
  expect(await due()).toMatchObject([{ tenant, name: "nightly" }]);
  await storage.tenant(tenant, async (tx) => {
    expect(await takeDue(tx, "nightly")).toEqual(schedule);
    expect(await storage.tenant(tenant, (other) => takeDue(other, "nightly"))).toBeUndefined();
    await saveSchedule(tx, tenant, { ...schedule, paused: true });
  });
  expect(await due()).toEqual([]);
  const page = { after: "", size: 10 };
  expect(await listSchedules(storage, tenant, page)).toMatchObject([{ paused: true }]);
  await storage.tenant(tenant, async (tx) => {
    expect(await lockSchedule(tx, "nightly")).toBeDefined();
    expect(await dropSchedule(tx, "nightly")).toBe(true);
    expect(await dropSchedule(tx, "nightly")).toBe(false);
  });
});
