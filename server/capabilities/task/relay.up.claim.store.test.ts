import type { SpecInit } from "../../../tests/support/tasks.ts";
import { handedMax, type Place } from "@foedus/kernel/task/places.ts";
import { lineOf } from "@foedus/kernel/task/line.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTasks, tasksOf, type Tasks } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { claimUp } from "./relay.up.claim.flow.ts";

let tasks: Tasks;
beforeAll(async () => {
  const { url } = await cloneDatabase();
  tasks = await openTasks(url);
});
afterAll(() => tasks.storage.close());

/** A hub that hands up whatever it may, and hears of no end. */
function handing() {
  const tenant = newTenant();
  const { submit, specOf } = tasksOf(tasks, tenant);
  const above: Place[] = [];
  const shelf = {
    tenant,
    all: () => above,
    take: (claimed: readonly Place[]) => Promise.resolve(void above.push(...claimed)),
  };
  const { storage } = tasks;
  const hub = { storage, world: storage.world, identity: { hubId: "hub_1" } };
  const fill = async (queue: string, ...inits: SpecInit[]) => {
    const lines = inits.map((init) => lineOf(specOf({ ...init, queue })).id);
    for (let before = -1; before < above.length;) {
      before = above.length;
      await claimUp(hub, shelf, { queue, lines, mayRise: () => 100 });
    }
  };
  const count = (of: Partial<Place>) =>
    above.filter(({ queue, line }) => queue === of.queue && line === (of.line ?? line)).length;
  return { submit, fill, count, lineOf: (init: SpecInit) => lineOf(specOf(init)).id };
}

const many = (count: number, init: SpecInit) => Array.from({ length: count }, () => init);

test("a thousand tasks that do not end keep neither another queue nor another kind at home", async () => {
  const { submit, fill, count, lineOf } = handing();
  const [slow, other] = [{ queue: "a" }, { queue: "a", kind: "other" }];
  await submit(...many(handedMax, slow));
  await fill("a", slow);
  expect(count({ queue: "a" })).toBe(512);
  await submit(...many(200, other), ...many(200, { queue: "b" }));
  await fill("a", slow, other);
  expect(count({ queue: "a", line: lineOf(other) })).toBeGreaterThan(50);
  await fill("b", {});
  expect(count({ queue: "b" })).toBeGreaterThan(20);
});
