// All queues of a tenant, for those who watch them.
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTasks, tasksOf, type Tasks } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import type { HubIdentity } from "../../runtime/capability.ts";
import { openProcesses } from "../../runtime/processes.ts";
import { Crew } from "./crew.flow.ts";
import { Crews } from "./crews.loop.ts";
import { Pace } from "./pace.loop.ts";
import { Queues } from "./queues.flow.ts";

let tasks: Tasks;
beforeAll(async () => {
  const { url } = await cloneDatabase();
  tasks = await openTasks(url);
});
afterAll(() => tasks.storage.close());

test("a look that takes long is not had again for four times as long", async () => {
  const { storage, pass } = tasks;
  const identity = { hubId: "hub_1" } as HubIdentity;
  const crews = new Crews({ storage, processes: openProcesses(), identity }, new Crew());
  const queues = new Queues({ storage, crews, pace: new Pace(storage) });
  const tenant = newTenant();
  await tasksOf(tasks, tenant).submit({});
  const freshMs = 500;
  const first = queues.of(tenant, freshMs);
  pass(1_000);
  await Promise.all([first, queues.of(tenant, freshMs)]);
  pass(3_999);
  await queues.of(tenant, freshMs);
  expect(queues.looks).toBe(1);
  pass(1);
  await queues.of(tenant, freshMs);
  expect(queues.looks).toBe(2);
  pass(freshMs);
  await queues.of(tenant, freshMs);
  expect(queues.looks).toBe(3);
});
