// How many queues there can be, and which of them are forgotten.
import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { QueueSettingsSchema } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { FailureSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { queuesMax } from "@foedus/kernel/task/limits.ts";
import { lineOf } from "@foedus/kernel/task/line.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { done, sharedTasks, tasksOf } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { claimTasks } from "./claim.store.ts";
import { forgetQueues, type Attended } from "./queue.idle.store.ts";
import { countQueues, saveSettings } from "./queue.store.ts";
import { forgetLanes } from "./retain.store.ts";
import type { Stored } from "./row.store.ts";
import { submitTasks } from "./submit.store.ts";

const tasks = sharedTasks();

const dayMs = 86_400_000;
const keepDays = 3;
const full = { reason: Reason.TASK_QUEUE_LIMIT };
const result = { case: "result", result: done } as const;

/** Nobody works here, and another process tells of who works there. */
const attended: Attended = { here: [], hubIds: ["hub_1"] };

/** Queues that were used once over each of several connections. */
const used = (tenant: TenantId, count: number, slots = 2) =>
  rowsOf(
    tasks.url,
    `insert into task_count (tenant_id, queue, slot, submitted, ready)
      select '${tenant}', 'used-' || n, s, 1, s * 2 - ${slots - 1}
      from generate_series(1, ${count}) as n, generate_series(0, ${slots - 1}) as s`,
  );

async function queuesOf(tenant: TenantId): Promise<string[]> {
  const page = { after: "", limit: queuesMax * 2 };
  const { storage } = tasks;
  const all = await storage.tenant(tenant, (tx) => countQueues(tx.sql, tenant, page));
  return all.map(({ queue }) => queue);
}

/** Forgets what is due, and says how many of a tenant's queues went. */
async function forgetOf(tenant: TenantId): Promise<number> {
  const before = await queuesOf(tenant);
  await forgetQueues(tasks.storage, keepDays, attended);
  return before.length - (await queuesOf(tenant)).length;
}

const set = (tenant: TenantId, name: string) =>
  tasks.storage.tenant(tenant, (tx) => saveSettings(tx, name, create(QueueSettingsSchema)));

/** A task of a queue is submitted and done. */
async function workOff(tenant: TenantId, ...queues: string[]): Promise<void> {
  const { submit, say } = tasksOf(tasks, tenant);
  for (const queue of queues) {
    await submit({ queue });
    for (const stored of await claimAll(tenant, queue)) await say(stored, result);
  }
}

async function claimAll(tenant: TenantId, queue: string): Promise<readonly Stored[]> {
  const { specOf } = tasksOf(tasks, tenant);
  const wish = { nodeId: "node_1", worker: "w", claimId: randomUUID(), count: 10 };
  const lines = [lineOf(specOf({ queue })).id];
  const claimed = await claimTasks(tasks.storage, { tenant, queue, lines, wishes: [wish] });
  return claimed.tasks[0] ?? [];
}

test("a queue is forgotten once nothing of it is kept and nobody keeps it", async () => {
  const tenant = newTenant();
  const { submit, say } = tasksOf(tasks, tenant);
  await workOff(tenant, "idle", "set", "manned", "dead", "again", "busy");
  await set(tenant, "set");
  await rowsOf(
    tasks.url,
    `insert into task_crew values ('${tenant}', 'hub_1', 'manned', 'node_1', 'w', 1, 1, '')`,
  );
  await submit({ queue: "dead" });
  const [held] = await claimAll(tenant, "dead");
  if (held === undefined) throw new Error("nothing to claim");
  const failure = create(FailureSchema, { reason: "BAD", isFinal: true });
  await say(held, { case: "failure", failure });
  await submit({ queue: "busy" });
  const all = ["again", "busy", "dead", "idle", "manned", "set"];
  const look = () => forgetOf(tenant);
  await look();
  tasks.pass(dayMs);
  await workOff(tenant, "again");
  await look();
  tasks.pass((keepDays - 1) * dayMs);
  expect(await look()).toBe(0);
  expect(await queuesOf(tenant)).toEqual(all);
  tasks.pass(dayMs);
  expect(await look()).toBe(1);
  const rest = all.filter((name) => name !== "idle");
  expect(await queuesOf(tenant)).toEqual(rest);
  tasks.pass(dayMs);
  expect(await look()).toBe(1);
  expect(await queuesOf(tenant)).toEqual(rest.filter((name) => name !== "again"));
});

test("who works here keeps a queue, and who was at a process that is gone does not", async () => {
  const tenant = newTenant();
  await workOff(tenant, "here", "gone");
  const row = `('${tenant}', 'hub_gone', 'gone', 'node_1', 'w', 1, 1, '')`;
  await rowsOf(tasks.url, `insert into task_crew values ${row}`);
  const look = () =>
    forgetQueues(tasks.storage, keepDays, { ...attended, here: [{ tenant, queue: "here" }] });
  await look();
  tasks.pass((keepDays + 1) * dayMs);
  await look();
  expect(await queuesOf(tenant)).toEqual(["here"]);
});

test("a queue that was forgotten begins anew, with its lanes", async () => {
  const tenant = newTenant();
  const { submit } = tasksOf(tasks, tenant);
  const { storage } = tasks;
  await workOff(tenant, "idle");
  const lanes = () => rowsOf(tasks.url, `select from task_lane where tenant_id = '${tenant}'`);
  await forgetOf(tenant);
  tasks.pass((keepDays + 1) * dayMs);
  await rowsOf(tasks.url, `update task_lane set turn = 1000 where tenant_id = '${tenant}'`);
  await forgetLanes(storage);
  expect(await lanes()).toHaveLength(1);
  expect(await forgetOf(tenant)).toBe(1);
  await forgetLanes(storage);
  expect(await lanes()).toHaveLength(0);
  await rowsOf(tasks.url, `delete from task_done_log where tenant_id = '${tenant}'`);
  const [{ task } = { task: undefined }] = await submit({ queue: "idle" });
  expect(task?.live.standing.turn).toBeLessThan(1000);
  const counts = await storage.tenant(tenant, (tx) =>
    countQueues(tx.sql, tenant, { names: ["idle"] }),
  );
  expect(counts).toMatchObject([{ ready: 1, submitted: 1, completed: 0 }]);
});

const waiting = `select from pg_stat_activity
  where wait_event_type = 'Lock' and query like '%for update%' and datname = current_database()`;

test("what is counted while queues are forgotten is counted", async () => {
  const tenant = newTenant();
  const { submit, specOf } = tasksOf(tasks, tenant);
  const { storage } = tasks;
  // Whichever connection submits, its slot is there.
  await used(tenant, 1, 32);
  await forgetOf(tenant);
  tasks.pass((keepDays + 1) * dayMs);
  let forgotten: Promise<number> | undefined;
  await storage.tenant(tenant, async (tx) => {
    await submitTasks(tx, [{ spec: specOf({ queue: "used-1" }), submitter: "person/1" }]);
    forgotten = forgetQueues(storage, keepDays, attended);
    await expect.poll(() => rowsOf(tasks.url, waiting)).toHaveLength(1);
  });
  await forgotten;
  await submit({ queue: "used-1" });
  const counts = await storage.tenant(tenant, (tx) =>
    countQueues(tx.sql, tenant, { names: ["used-1"] }),
  );
  expect(counts).toMatchObject([{ ready: 2 }]);
});

test("a queue that was used up to the last moment is kept, though nothing is left in it", async () => {
  const tenant = newTenant();
  const { storage } = tasks;
  await used(tenant, 1, 1);
  await forgetOf(tenant);
  tasks.pass((keepDays + 1) * dayMs);
  let forgotten: Promise<number> | undefined;
  await storage.tenant(tenant, async (tx) => {
    await sql`update task_count set submitted = submitted + 1, completed = completed + 1
      where tenant_id = ${tenant}`.execute(tx.sql);
    forgotten = forgetQueues(storage, keepDays, attended);
    await expect.poll(() => rowsOf(tasks.url, waiting)).toHaveLength(1);
  });
  await forgotten;
  expect(await queuesOf(tenant)).toEqual(["used-1"]);
});

test("in a crowd of queues those go that nobody used for a day, and no more of them", async () => {
  const tenant = newTenant();
  const { submit } = tasksOf(tasks, tenant);
  await used(tenant, queuesMax);
  await expect(submit({ queue: "new" })).rejects.toMatchObject(full);
  const look = () => forgetOf(tenant);
  expect(await look()).toBe(0);
  tasks.pass(dayMs - 1);
  expect(await look()).toBe(0);
  tasks.pass(1);
  await submit({ queue: "used-1" });
  expect(await look()).toBeGreaterThan(0);
  const left = await queuesOf(tenant);
  expect(left).toHaveLength(queuesMax / 2);
  expect(left).toContain("used-1");
  await submit({ queue: "new" });
});

test("a tenant has up to 10,000 queues, and those that are there go on", async () => {
  const [tenant, other] = [newTenant(), newTenant()];
  const { submit } = tasksOf(tasks, tenant);
  await used(tenant, queuesMax - 3);
  await set(tenant, "set");
  await submit({ queue: "one" });
  const two = submit({ queue: "last" }, { queue: "one-more" });
  await expect(two).rejects.toMatchObject(full);
  await submit({ queue: "last" }, { queue: "one" }, { queue: "used-1" }, { queue: "set" });
  await expect(submit({ queue: "one-more" })).rejects.toMatchObject(full);
  await submit({ queue: "last" });
  await tasksOf(tasks, other).submit({ queue: "one-more" });
  expect(await queuesOf(tenant)).toHaveLength(queuesMax);
});

test("of many who make the last queue at once one does", async () => {
  const tenant = newTenant();
  const { submit } = tasksOf(tasks, tenant);
  await used(tenant, queuesMax - 1);
  const all = Array.from({ length: 8 }, (_, at) => submit({ queue: `last-${at}` }));
  const settled = await Promise.allSettled(all);
  expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await queuesOf(tenant)).toHaveLength(queuesMax);
});
