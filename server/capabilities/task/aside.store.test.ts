import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { sharedTasks, tasksOf } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { asideMs, isOfValues } from "./aside.store.ts";
import { keyOf } from "./lock.store.ts";
import { wakeTasks } from "./wake.store.ts";

const tasks = sharedTasks();

/** A lease of the tests' tasks, and a little. */
const lapsedMs = 10_001;

/** Nothing can be added to what this one has as its revision. */
async function spoil(id: string): Promise<void> {
  await rowsOf(tasks.url, `update task set revision = 2147483647 where id = '${id}'`);
}

const many = (count: number) => Array.from({ length: count }, () => ({}));

test("a task that cannot be woken is put aside, and all others are woken at once", async () => {
  const [bad, good] = [tasksOf(tasks, newTenant()), tasksOf(tasks, newTenant())];
  const [one = "", mate = ""] = await bad.ids({}, {});
  await bad.claim(2);
  const later = { startTime: timestampFromMs(tasks.storage.nowMs() + 1_000) };
  const [delayed = "", fine = ""] = await bad.ids(later, later);
  await good.ids({});
  const [held] = await good.claim(1);
  await spoil(one);
  await spoil(delayed);
  tasks.pass(lapsedMs);
  const woken = await bad.wake();
  expect(woken.aside.map(({ key }) => key.id).toSorted()).toEqual([delayed, one].toSorted());
  expect(woken.aside.map(({ error }) => isOfValues(error))).toEqual([true, true]);
  expect(woken.takenBack.map(({ key }) => key)).toContain(held && keyOf(held));
  expect(await good.stateOf(held?.live.id ?? "")).toBe(TaskState.SCHEDULED);
  expect(await bad.stateOf(mate)).toBe(TaskState.SCHEDULED);
  expect(await bad.stateOf(fine)).toBe(TaskState.SUBMITTED);
  expect(await bad.wake()).toMatchObject({ aside: [], takenBack: [] });
  await rowsOf(tasks.url, `update task set revision = 9 where id in ('${one}', '${delayed}')`);
  tasks.pass(asideMs);
  await bad.wake();
  expect(await bad.stateOf(one)).toBe(TaskState.SCHEDULED);
  expect(await bad.stateOf(delayed)).toBe(TaskState.SUBMITTED);
});

test("only what is stored puts a task aside: not who else is at work, nor the database", () => {
  const failed = (code: string) => Object.assign(new Error("failed"), { code });
  expect(["22003", "23514", "54000"].map((code) => isOfValues(failed(code)))).toEqual([
    true,
    true,
    true,
  ]);
  expect(isOfValues(new RangeError("premature EOF"))).toBe(true);
  for (const code of ["40P01", "55P03", "57014", "53100"])
    expect(isOfValues(failed(code))).toBe(false);
  expect(isOfValues(new Fault(Reason.DATABASE_UNREACHABLE, { detail: "gone" }))).toBe(false);
});

test("one turn takes back so many holds, whole claims of them, and the next goes on", async () => {
  const { submit, claim, counts } = tasksOf(tasks, newTenant());
  await submit(...many(12));
  for (let claims = 0; claims < 4; claims++) await claim(3);
  tasks.pass(lapsedMs);
  const turns: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const { takenBack, count } = await wakeTasks(tasks.storage, 6);
    turns.push(takenBack.length);
    if (turn === 0) expect(count).toBe(6);
  }
  expect(turns).toEqual([6, 6, 0]);
  expect(await counts()).toMatchObject({ scheduled: 12, working: 0 });
});
