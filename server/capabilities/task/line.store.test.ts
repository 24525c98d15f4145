// How many lines a queue can have: claims look at all that a worker can do.
import { create, toBinary } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { NeedsSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { linesMax, namedLinesMax } from "@foedus/kernel/task/limits.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { sharedTasks, tasksOf, type SpecInit } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { forgetLines, linesOf } from "./line.store.ts";
import { submitTasks } from "./submit.store.ts";

const tasks = sharedTasks();

const dayMs = 86_400_000;
const full = (limit: number) => ({
  reason: Reason.TASK_LINE_LIMIT,
  message: expect.stringContaining(String(limit)) as unknown,
});
const forNode = (nodeId: string, more: SpecInit = {}): SpecInit => {
  return { ...more, needs: create(NeedsSchema, { nodeId }) };
};

/** Lines that something was submitted to just now, and that are empty. */
async function noted(tenant: TenantId, count: number, nodeId = ""): Promise<void> {
  const bytes = toBinary(NeedsSchema, create(NeedsSchema, { nodeId }));
  const needs = nodeId === "" ? "null" : `'\\x${Buffer.from(bytes).toString("hex")}'`;
  const { storage, url } = tasks;
  await rowsOf(
    url,
    `insert into task_line select '${tenant}', gen_random_uuid(), 'work', 'noted', ${needs},
      ${storage.nowMs()} from generate_series(1, ${count})`,
  );
}

const linesIn = async (tenant: TenantId) => (await linesOf(tasks.storage, tenant, "work")).length;

test("a queue tells 1,000 kinds and needs apart, and those that are there go on", async () => {
  const tenant = newTenant();
  const { submit } = tasksOf(tasks, tenant);
  await noted(tenant, linesMax - 2);
  await submit({ kind: "one" });
  const two = submit({ kind: "last" }, { kind: "one-more" });
  await expect(two).rejects.toMatchObject(full(linesMax));
  await submit({ kind: "last" }, { kind: "one" });
  await expect(submit({ kind: "one-more" })).rejects.toMatchObject(full(linesMax));
  const needs = create(NeedsSchema, { capabilities: ["ocr"] });
  await expect(submit({ kind: "one", needs })).rejects.toMatchObject(full(linesMax));
  await submit({ kind: "last", fairnessKey: "other", labels: { any: "thing" }, priority: 1 });
  await submit({ kind: "one-more", queue: "elsewhere" }, forNode("node_1"));
  expect(await linesIn(tenant)).toBe(linesMax + 1);
});

test("10,000 more may name a node: they cost none but its workers", async () => {
  const tenant = newTenant();
  const { submit } = tasksOf(tasks, tenant);
  await noted(tenant, namedLinesMax - 1, "node_1");
  await submit(forNode("node_2"));
  await expect(submit(forNode("node_3"))).rejects.toMatchObject(full(namedLinesMax));
  await submit(forNode("node_2"), { kind: "common" });
  await noted(tenant, linesMax - 2);
  await submit({ kind: "last" });
  await expect(submit({ kind: "one-more" })).rejects.toMatchObject(full(linesMax));
});

test("of two who make the last line at once one does", async () => {
  const tenant = newTenant();
  const { submit, specOf } = tasksOf(tasks, tenant);
  await submit({ kind: "one" });
  await noted(tenant, linesMax - 2);
  let other: Promise<PromiseSettledResult<unknown>[]> | undefined;
  let isOver = false;
  await tasks.storage.tenant(tenant, async (tx) => {
    await submitTasks(tx, [{ spec: specOf({ kind: "last" }), submitter: "person/1" }]);
    // In a lane of its own, so that it waits for nothing else.
    other = Promise.allSettled([submit({ kind: "one-more", fairnessKey: "other" })]);
    void other.then(() => (isOver = true));
    await expect
      .poll(async () => isOver || (await rowsOf(tasks.url, waiting)).length > 0)
      .toBe(true);
  });
  expect(await other).toMatchObject([{ status: "rejected", reason: full(linesMax) }]);
  expect(await linesIn(tenant)).toBe(linesMax);
});

const waiting = `select from pg_stat_activity
  where wait_event_type = 'Lock' and datname = current_database()`;

test("what nothing was submitted with for a day makes room", async () => {
  const tenant = newTenant();
  const { submit } = tasksOf(tasks, tenant);
  await noted(tenant, linesMax);
  await expect(submit({ kind: "one-more" })).rejects.toMatchObject(full(linesMax));
  tasks.pass(dayMs + 1);
  await forgetLines(tasks.storage);
  await submit({ kind: "one-more" });
});
