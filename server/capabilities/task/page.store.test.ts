// Lists of tasks: what a page looks at, and where the next one goes on.
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { done, openTasks, tasksOf, type Tasks } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { listTasks, lookedMax, pageQuery, type TaskFilter } from "./page.store.ts";

let tasks: Tasks;
const [tenant, size] = [newTenant(), 100];
let mine: ReturnType<typeof tasksOf>;
/** Of each table; twice as many rows in all. */
const each = 100_000;

beforeAll(async () => {
  const { url } = await cloneDatabase();
  tasks = await openTasks(url);
  mine = tasksOf(tasks, tenant);
  await fill();
});
afterAll(() => tasks.storage.close());

/** Copies of one task that waits and of one that is done, between the oldest and the newest. */
async function fill(): Promise<void> {
  await mine.ids({});
  const [held] = await mine.claim(1);
  if (held === undefined) throw new Error("nothing to complete");
  await mine.say(held, { case: "result", result: done });
  await mine.ids({ labels: { far: "yes" } });
  for (const table of ["task", "task_done_log"]) {
    const [{ names } = {}] = await rowsOf(
      tasks.url,
      `select string_agg(attname, ', ') as names from pg_attribute where attrelid = '${table}'::regclass
        and attnum > 0 and not attisdropped and attname not in ('id', 'labels')`,
    );
    // Ids of so long ago come after none that a hub gives.
    await rowsOf(
      tasks.url,
      `insert into ${table} (id, labels, ${String(names)})
        select 'task_1' || to_char(n, 'FM000000'), '{}', ${String(names)}
        from ${table} t, generate_series(1, ${each}) as n`,
    );
    await rowsOf(tasks.url, `update ${table} set id = 'task_00' where id not like 'task_1%'`);
    await rowsOf(tasks.url, `analyze ${table}`);
  }
}

const all: TaskFilter = { queue: "", states: [], kind: "", nodeId: "", labels: {}, parentId: "" };
const { SUBMITTED, WORKING, COMPLETED, FAILED } = TaskState;

interface Plan {
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly Plan[];
}

/** How many rows of each table a list reads. */
async function readBy(filter: Partial<TaskFilter>): Promise<ReadonlyMap<string, number>> {
  const read = new Map<string, number>();
  const add = (plan: Plan) => {
    const { "Relation Name": name, "Actual Rows": rows, "Actual Loops": loops } = plan;
    const table = name?.replace(/_(\d{8}|default)$/u, "");
    const removed = plan["Rows Removed by Filter"] ?? 0;
    const before = read.get(table ?? "") ?? 0;
    if (table !== undefined && loops > 0) read.set(table, before + (rows + removed) * loops);
    for (const part of plan.Plans ?? []) add(part);
  };
  const query = pageQuery(tenant, { ...all, ...filter }, { after: undefined, size });
  await tasks.storage.tenant(tenant, async (tx) => {
    const { rows } = await sql<{ "QUERY PLAN": readonly [{ Plan: Plan }] }>`
      explain (analyze, format json) ${query}`.execute(tx.sql);
    for (const { "QUERY PLAN": plans } of rows) add(plans[0].Plan);
  });
  return read;
}

/** Once for what it finds, once for where it ended, and one of each day. */
const readMax = 2 * lookedMax + size;

test("a list reads so many of 200,000 tasks and no more, whatever is asked for", async () => {
  const filters: Partial<TaskFilter>[] = [
    { labels: { none: "such" } },
    { queue: "other" },
    { kind: "other" },
    { nodeId: "node_9" },
    { states: [TaskState.BLOCKED, TaskState.CANCELED] },
    {},
  ];
  const greedy: unknown[] = [];
  for (const filter of filters) {
    const read = await readBy(filter);
    for (const [table, rows] of read) if (rows > readMax) greedy.push({ filter, table, rows });
  }
  expect(greedy).toEqual([]);
  expect((await readBy({})).get("task")).toBeLessThanOrEqual(size);
});

test("a table is not read whose tasks are in no state that is asked for", async () => {
  const living = await readBy({ labels: { none: "such" }, states: [SUBMITTED, WORKING] });
  expect([...living.keys()]).toEqual(["task"]);
  const over = await readBy({ labels: { none: "such" }, states: [COMPLETED, FAILED] });
  expect([...over.keys()]).toEqual(["task_done_log"]);
});

test("children, dead letters and held tasks are found without reading others", async () => {
  const few = 10;
  const [held] = await mine.claim(1);
  expect((await allOf({ states: [WORKING] })).ids).toEqual([held?.live.id]);
  const greedy: unknown[] = [];
  for (const filter of [
    { parentId: "task_none" },
    { states: [FAILED] },
    { states: [FAILED], queue: "work" },
    { states: [WORKING] },
    { states: [WORKING], nodeId: "node_1" },
  ]) {
    const read = await readBy(filter);
    for (const [table, rows] of read) if (rows > few) greedy.push({ filter, table, rows });
  }
  expect(greedy).toEqual([]);
});

async function allOf(filter: Partial<TaskFilter>, { of = tenant, pageSize = size } = {}) {
  const [ids, pages]: [string[], number[]] = [[], []];
  for (let after: string | undefined; ;) {
    const wish = { ...all, ...filter };
    const page = await listTasks(tasks.storage, of, wish, { after, size: pageSize });
    ids.push(...page.tasks.map(({ live }) => live.id));
    pages.push(page.tasks.length);
    after = page.next;
    if (after === undefined) return { ids, pages };
  }
}

test("pages may be empty on the way to the only task that is so", async () => {
  const { ids, pages } = await allOf({ labels: { far: "yes" } });
  expect(ids).toEqual(["task_00"]);
  expect(pages).toEqual([...Array.from({ length: each / lookedMax }, () => 0), 1]);
});

test("a list has each task once, whichever table found less, and however large they are", async () => {
  const others = newTenant();
  const other = tasksOf(tasks, others);
  const body = new Uint8Array(250_000);
  const wanted = await other.ids(...Array.from({ length: 20 }, () => ({ payload: { body } })));
  for (const held of await other.claim(7)) await other.say(held, { case: "result", result: done });
  const newest = wanted.toSorted().toReversed();
  const whole = await allOf({}, { of: others });
  expect(whole.ids).toEqual(newest);
  // 4 MiB of payloads are a page, and the task that goes beyond them.
  expect(whole.pages).toEqual([17, 3]);
  expect((await allOf({}, { of: others, pageSize: 7 })).ids).toEqual(newest);
});
