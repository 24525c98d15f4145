// What changes while somebody waits for its lock: PostgreSQL looks again whether it is wanted.
import { create } from "@bufbuild/protobuf";
import { FailureSchema, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import type { Said } from "@foedus/kernel/task/hold.ts";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { patient } from "../../../tests/support/tasked.ts";
import { done, openTasks, tasksOf, type Tasks } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import type { SweepTx } from "../../runtime/storage/storage.ts";
import { lockTasks, lockWithParents } from "./lock.store.ts";
import { lockBelow } from "./parent.store.ts";

const never = ["enable_hashjoin", "enable_mergejoin", "enable_seqscan"];

let tasks: Tasks;
beforeAll(async () => {
  const { url } = await cloneDatabase();
  // Rows are looked up by their keys one by one, as in large tables.
  const name = new URL(url).pathname.slice(1);
  for (const way of never) await rowsOf(url, `alter database ${name} set ${way} = off`);
  tasks = await openTasks(url);
});
afterAll(() => tasks.storage.close());

const count = 8;

/** Tasks that are held, and what changes all of them while others wait for that. */
async function heldOnes() {
  const tenant = newTenant();
  const own = tasksOf(tasks, tenant);
  const [parentId = ""] = await own.ids({});
  tasks.pass(1);
  await own.submit(...Array.from({ length: count }, () => ({ parentId })));
  const [parent, ...held] = await own.claim(count + 1);
  if (parent?.live.id !== parentId) throw new Error("the parent's turn is not the first");
  const ids = held.map(({ live }) => live.id).toSorted();
  /** Begins to change them, and ends that once somebody waits for it; returns what that one got. */
  const amid = async <Got>(change: string, act: () => Promise<Got>): Promise<Got> => {
    const waiting = `select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    const { got } = await tasks.storage.tenant(tenant, async (tx) => {
      await sql`update task set ${sql.raw(change)} where id = any(${ids}::text[])`.execute(tx.sql);
      const got = act();
      await expect.poll(() => rowsOf(tasks.url, waiting), patient).toHaveLength(1);
      return { got };
    });
    return await got;
  };
  const keys = ids.map((id) => ({ tenant, id }));
  /** The same word about each of them, at once. */
  const sayAll = async (word: Said["word"]) => {
    const about = { tenant, nodeId: "node_1", fence: 1, spent: 0, word };
    const receipts = await tasks.reports.add(ids.map((id) => ({ ...about, id })));
    return receipts.map(({ verdict }) => verdict);
  };
  return { ...own, tenant, parentId, ids, keys, amid, sayAll };
}

const renewed = "lease_ms = lease_ms + 1, revision = revision + 1";
const lapsed = `state = ${TaskState.SCHEDULED}, fence = fence + 1, revision = revision + 1`;

/** How PostgreSQL finds rows differs with what it knows of the tables. */
const allWays = never.map((way) => `${way} = on`);
const plans = [[], ["enable_hashagg = off"], allWays, ["enable_nestloop = off", ...allWays]];

for (const plan of plans) {
  test(`whatever changes while it is waited for is locked: ${plan.join(", ") || "by keys"}`, async () => {
    const { tenant, parentId, ids, keys, amid } = await heldOnes();
    const planned = async (tx: SweepTx) => {
      for (const setting of plan) await sql.raw(`set local ${setting}`).execute(tx.sql);
    };
    const lockings = [
      (tx: SweepTx) => lockTasks(tx.sql, keys),
      (tx: SweepTx) => lockWithParents(tx.sql, keys, keys),
      (tx: SweepTx) => lockWithParents(tx.sql, keys, []),
    ];
    for (const [at, lock] of lockings.entries()) {
      const locked = await amid(renewed, () =>
        tasks.storage.sweep(async (tx) => {
          await planned(tx);
          return [...(await lock(tx)).values()];
        }),
      );
      const revisions = locked.map(({ live }) => [live.id, live.standing.revision]);
      expect(revisions).toEqual(ids.map((id) => [id, 3 + at]));
    }
    const below = await amid(renewed, () =>
      tasks.storage.tenant(tenant, async (tx) => {
        await planned(tx);
        return await lockBelow(tx, parentId);
      }),
    );
    expect(below.map(({ live }) => live.id)).toEqual(ids);
  });
}

const words: readonly Said["word"][] = [
  { case: "beat", progress: undefined },
  { case: "failure", failure: create(FailureSchema, { reason: "BUSY" }) },
  { case: "result", result: done },
];

test("words of holders are heard, though their tasks change while they are stored", async () => {
  for (const word of words) {
    const { ids, amid, sayAll } = await heldOnes();
    const verdicts = await amid(renewed, () => sayAll(word));
    expect(verdicts).toEqual(ids.map(() => Verdict.TAKEN));
  }
});

test("who is taken a task from while it says something is told so", async () => {
  for (const word of words) {
    const { ids, amid, sayAll } = await heldOnes();
    const verdicts = await amid(lapsed, () => sayAll(word));
    expect(verdicts).toEqual(ids.map(() => Verdict.LOST));
  }
});
