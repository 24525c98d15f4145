import { expect, inject, test } from "vitest";
import { rowsOf } from "./bundled.ts";
import { cloneDatabase } from "./database.ts";
import { slowTimes } from "./until.ts";

const cloneMaxMs = 1_000;

test("each clone is migrated, and sees nothing of another", async () => {
  const [one, other] = await Promise.all([cloneDatabase(), cloneDatabase()]);
  expect(one.url).not.toBe(other.url);
  expect(await rowsOf(one.url, "select 1 from pg_roles where rolname = 'foedus_app'")).toEqual([
    { "?column?": 1 },
  ]);
  await rowsOf(one.url, "create table mine (id int)");
  await expect(rowsOf(other.url, "select * from mine")).rejects.toThrow(/does not exist/);
});

test("a clone takes a moment", async () => {
  const startMs = performance.now();
  await cloneDatabase();
  const tookMs = performance.now() - startMs;
  expect(tookMs).toBeLessThan(cloneMaxMs * slowTimes);
  expect(inject("adminUrl")).toMatch(/^postgres:/);
});
