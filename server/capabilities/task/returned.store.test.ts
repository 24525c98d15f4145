// What becomes of a task that is given back undone.
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { returnsMax } from "@foedus/kernel/task/limits.ts";
import { expect, test } from "vitest";
import { sharedTasks, tasksOf } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";

const tasks = sharedTasks();

const { SUBMITTED, SCHEDULED } = TaskState;

test("a task that everybody gives back lets the one behind it go first", async () => {
  const { ids, claim, say, stateOf, wake, steps, counts, recount } = tasksOf(tasks, newTenant());
  const [unwanted = "", behind] = await ids({}, {});
  const giveBack = async () => {
    const [held] = await claim(1);
    expect(held?.live.id).toBe(unwanted);
    if (held !== undefined) await say(held, { case: "returned" });
  };
  for (let times = 0; times < returnsMax; times++) {
    await giveBack();
    expect(await stateOf(unwanted)).toBe(SUBMITTED);
  }
  await giveBack();
  expect(await stateOf(unwanted)).toBe(SCHEDULED);
  const [later] = await ids({});
  tasks.pass(1_000);
  await wake();
  expect(await stateOf(unwanted)).toBe(SUBMITTED);
  const order = (await claim(3)).map(({ live }) => live.id);
  expect(order).toEqual([behind, later, unwanted]);
  expect(await counts()).toMatchObject((await recount()) ?? {});
  const said = (await steps(unwanted)).map(({ message }) => message);
  expect(said.filter((message) => message === "given back undone").length).toBe(returnsMax);
  expect(said.filter((message) => message.includes("4th time in a row")).length).toBe(1);
});
