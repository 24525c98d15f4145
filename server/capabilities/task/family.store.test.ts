// Families end from below and are called off from above, at the same time.
import { create } from "@bufbuild/protobuf";
import {
  CancellationSchema,
  FailureSchema,
  ProgressSchema,
  TaskState,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { canceled } from "@foedus/kernel/task/decide.ts";
import { retryIntervalMs, spentMax } from "@foedus/kernel/task/limits.ts";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { patient } from "../../../tests/support/tasked.ts";
import { done, openTasks, tasksOf, type Tasks } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { keyOf, lockWithParents } from "./lock.store.ts";
import { chargeParent, lockBelow, lockParent } from "./parent.store.ts";
import { Changes } from "./save.store.ts";

let tasks: Tasks;
let url: string;

beforeAll(async () => {
  ({ url } = await cloneDatabase());
  tasks = await openTasks(url);
});
afterAll(() => tasks.storage.close());

const result = { case: "result", result: done } as const;
const budget = (limit: bigint) => ({ unit: "token", limit });

/** A held parent with so many held children, each of which got one of its tokens. */
async function familyOf(count: number) {
  const tenant = newTenant();
  const own = tasksOf(tasks, tenant);
  const [id = ""] = await own.ids({ budget: budget(BigInt(count)) });
  await own.claim(1);
  // Ids sort by time: a child is never of its parent's millisecond.
  tasks.pass(1);
  const specs = Array.from({ length: count }, () => ({ parentId: id, budget: budget(1n) }));
  await own.submit(...specs);
  await tasks.storage.tenant(tenant, async (tx) => {
    await lockParent(tx, id, "node_1");
    await chargeParent(tx, id, count);
  });
  const key = { tenant, id };
  const lock = async (tx: TenantTx) => {
    const parent = (await lockWithParents(tx.sql, [key], [key])).get(keyOf(key));
    if (parent === undefined) throw new Error("the parent is gone");
    return parent;
  };
  const inTenant = <Value>(work: (tx: TenantTx) => Promise<Value>) =>
    tasks.storage.tenant(tenant, work);
  return { ...own, id, tenant, children: await own.claim(count), lock, inTenant };
}

test("a child that ends waits for whoever has its parent before it locks anything", async () => {
  const { children, say, lock, inTenant } = await familyOf(1);
  const [child] = children;
  if (child === undefined) throw new Error("no child");
  const waiting = `select 1 from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  const { said } = await inTenant(async (tx) => {
    const parent = await lock(tx);
    const said = say(child, result);
    await expect.poll(() => rowsOf(url, waiting), patient).toHaveLength(1);
    const { rows } = await sql`select 1 from task where id = ${child.live.id}
      for update nowait`.execute(tx.sql);
    expect(rows).toHaveLength(1);
    expect(await lockBelow(tx, parent.live.id)).toHaveLength(1);
    return { said };
  });
  expect(await said).toMatchObject({ verdict: Verdict.TAKEN });
});

test("whoever calls a family off reads it all, and none of what it carries", async () => {
  const { id, submit, lock, inTenant } = await familyOf(1);
  const payload = { contentType: "text/plain", body: new Uint8Array(1_000) };
  await submit(...Array.from({ length: 120 }, () => ({ parentId: id, payload })));
  const below = await inTenant(async (tx) => {
    await lock(tx);
    return await lockBelow(tx, id);
  });
  expect(below.map(({ live }) => live.id)).toEqual(below.map(({ live }) => live.id).toSorted());
  expect(below).toHaveLength(121);
  expect(below.filter(({ spec }) => spec.payload !== undefined)).toEqual([]);
});

test("children that say they spent as much as can be said are counted to the limit", async () => {
  const { id, children, claim, submit, say, find, wake } = await familyOf(2);
  for (const child of children) await say(child, result, { spent: spentMax });
  const spentOf = async (id: string) => (await find(id)).stored.live.standing.spent;
  expect(await spentOf(id)).toBe(spentMax);
  tasks.pass(10_000);
  await wake();
  tasks.pass(retryIntervalMs);
  await wake();
  const [parent] = await claim(1);
  if (parent === undefined) throw new Error("the parent is not tried again");
  const progress = create(ProgressSchema, { spent: BigInt(spentMax) });
  expect(await say(parent, { case: "beat", progress }, { spent: spentMax })).toMatchObject({
    verdict: Verdict.TAKEN,
  });
  await say(parent, { case: "failure", failure: create(FailureSchema, { isFinal: true }) });
  expect(await spentOf(id)).toBe(spentMax);
  const [plain] = await submit({});
  for (const word of [{ case: "returned" } as const, result]) {
    const [held] = await claim(1);
    if (held === undefined) throw new Error("nothing to claim");
    await say(held, word, { spent: spentMax });
  }
  expect(await spentOf(plain?.task.live.id ?? "")).toBe(spentMax);
});

test("many ends of children beside those who call all off come through, and all is counted", async () => {
  const count = 60;
  const { id, children, say, lock, inTenant, find, counts, recount } = await familyOf(count);
  const cancellation = create(CancellationSchema, { caller: "person/1", reason: "no more" });
  const callOff = () =>
    inTenant(async (tx) => {
      const changes = new Changes();
      const all = [await lock(tx), ...(await lockBelow(tx, id))];
      for (const each of all) changes.move(each, canceled(each.live, cancellation, tx.nowMs));
      await changes.save(tx);
    });
  const ends = children.map((child) => say(child, result));
  await Promise.all([...ends, ...Array.from({ length: 12 }, callOff)]);
  const states = await Promise.all(children.map(async ({ live }) => await find(live.id)));
  const ended = states.map(({ stored }) => stored.live.standing.state);
  expect(new Set(ended)).toEqual(new Set([TaskState.COMPLETED]));
  expect((await find(id)).stored.live.standing.spent).toBe(0);
  const { ready, scheduled, blocked, working } = (await counts()) ?? {};
  expect({ ready, scheduled, blocked, working }).toEqual(await recount());
});
