import { defaultLimits as limits } from "@foedus/kernel/sync/limits.ts";
import { soundRules as rules } from "@foedus/kernel/sync/rules.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { utcDay } from "@foedus/kernel/time.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { asking, notes, putOf, pushOf, replicaAt } from "../../../tests/support/synced.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { bindReplica, forgetWriters, ownersOf } from "./author.store.ts";
import { openSyncLog, type SyncLog } from "./log.store.ts";
import { forgetMarks } from "./mark.store.ts";
import { addDays, dropDays, forgetLeases, forgetUnwritten } from "./retain.store.ts";

const dayMs = 86_400_000;
const keepMs = 7 * dayMs;
const noon = 30_000_000 * 60_000;
const all = { places: 0, keepMs: undefined };
let url: string;
let storage: Awaited<ReturnType<typeof openTestStorage>>;
let log: SyncLog;

beforeAll(async () => {
  ({ url } = await cloneDatabase());
  storage = await openTestStorage(url);
  log = openSyncLog({ storage, incarnation: "hub-1", rules, limits });
});
afterAll(() => storage.close());

/** A stream whose log has one place for each day that is named, the oldest first. */
async function written(tenant: TenantId, daysAgo: readonly number[]) {
  let nowMs = noon;
  const at = asking(log, tenant, () => nowMs);
  for (const [index, days] of daysAgo.entries()) {
    nowMs = noon - days * dayMs;
    await at.commit([pushOf(replicaAt(noon - dayMs, "a"), index + 1, [putOf(`r${index}`)])]);
  }
  nowMs = noon;
  return at;
}

async function goneUpTo(at: Awaited<ReturnType<typeof written>>): Promise<number> {
  return (await at.look()).horizon;
}

async function partitions(): Promise<string[]> {
  const found = await rowsOf(
    url,
    `select relname from pg_class where relname ~ '^sync_log_[0-9]{8}$' order by 1`,
  );
  return found.map((row) => String(Object.values(row)[0]));
}

async function rowsIn(table: string, tenant: TenantId): Promise<number> {
  const found = await rowsOf(url, `select seq from ${table} where tenant_id = '${tenant}'`);
  return found.length;
}

const nameOf = (daysAgo: number) =>
  `sync_log_${utcDay(noon - daysAgo * dayMs).replaceAll("-", "")}`;

test("a log keeps its newest places, to the last one", async () => {
  const at = await written(newTenant(), [9, 9, 9]);
  await log.truncate({ places: 3, keepMs }, noon);
  expect(await goneUpTo(at)).toBe(0);
  await log.truncate({ places: 2, keepMs }, noon);
  expect(await goneUpTo(at)).toBe(1);
  expect((await at.page(0)).gone).toBe(true);
  expect((await at.page(1)).entries.map(({ seq }) => seq)).toEqual([2, 3]);
});

test("a log keeps seven days, to the day", async () => {
  const at = await written(newTenant(), [9, 8, 7, 1]);
  await log.truncate({ places: 0, keepMs }, noon);
  expect(await goneUpTo(at)).toBe(2);
});

test("what a horizon bore is known, in the middle of a row too", async () => {
  const at = asking(log, newTenant(), () => noon);
  const ops = ["a", "b", "c", "d"].map((record) => putOf(record));
  await at.commit([pushOf(replicaAt(noon, "a"), 1, ops)]);
  await log.truncate({ places: 1, keepMs: undefined }, noon);
  const { horizon, horizonVector, from } = await at.look({ vector: { "hub-1": 3 } });
  expect({ horizon, horizonVector, from }).toEqual({
    horizon: 3,
    horizonVector: { "hub-1": 3 },
    from: 3,
  });
  expect((await at.page(3)).entries.map(({ seq }) => seq)).toEqual([4]);
});

test("a hub that is away holds its log until its lease lapses, to the millisecond", async () => {
  const at = await written(newTenant(), [9, 9]);
  await at.look({ child: "edge" });
  await log.truncate(all, noon + limits.leaseMs - 1);
  expect(await goneUpTo(at)).toBe(0);
  await forgetLeases(storage, noon + limits.leaseMs - 1);
  await log.truncate(all, noon + limits.leaseMs);
  expect(await goneUpTo(at)).toBe(2);
});

test("a stream that a hub asked for is forgotten after its lease if nobody wrote to it, but the newest", async () => {
  const tenant = newTenant();
  const named = (partition: string) => asking(log, tenant, () => noon, { ...notes, partition });
  const [asked, written, newest] = [named("asked"), named("written"), named("newest")];
  for (const each of [asked, written, newest]) await each.look({ child: "edge", parent: "root" });
  await written.commit([pushOf(replicaAt(noon, "a"), 1, [putOf("x")])]);
  const left = async () => {
    const sql = `select partition from sync_stream where tenant_id = '${tenant}' order by 1`;
    return (await rowsOf(url, sql)).map((row) => row["partition"]);
  };
  await forgetLeases(storage, noon + limits.leaseMs - 1);
  await forgetUnwritten(storage);
  expect(await left()).toEqual(["asked", "newest", "written"]);
  await forgetLeases(storage, noon + limits.leaseMs);
  await forgetUnwritten(storage);
  expect(await left()).toEqual(["newest", "written"]);
});

test("days are dropped, but for what a parent lacks", async () => {
  await addDays(storage, noon - 9 * dayMs);
  const [free, held] = [newTenant(), newTenant()];
  const one = await written(free, [9, 6]);
  const other = await written(held, [9, 6]);
  await other.look({ parent: "root" });
  expect(await partitions()).toContain(nameOf(9));
  await log.truncate({ places: 0, keepMs }, noon);
  await dropDays(storage, keepMs, noon);
  expect(await partitions()).not.toContain(nameOf(9));
  expect(await partitions()).toContain(nameOf(6));
  expect([await goneUpTo(one), await goneUpTo(other)]).toEqual([1, 0]);
  expect((await other.page(0)).entries.map(({ seq }) => seq)).toEqual([1, 2]);
  expect([await rowsIn("sync_log", free), await rowsIn("sync_log_default", held)]).toEqual([1, 1]);
  const { epoch } = (await other.look()).standing;
  await other.lease("root", 2, epoch, true);
  await log.truncate({ places: 0, keepMs }, noon);
  await dropDays(storage, keepMs, noon);
  expect(await rowsIn("sync_log_default", held)).toBe(0);
});

test("a replica is remembered as long as its key may write, and longer while a value of it is there", async () => {
  const tenant = newTenant();
  let nowMs = noon;
  const at = asking(log, tenant, () => nowMs);
  const [stays, goes] = [replicaAt(noon, "stays"), replicaAt(noon, "goes")];
  await at.commit([pushOf(stays, 1, [putOf("kept")]), pushOf(goes, 1, [putOf("over")])]);
  nowMs = noon + limits.dedupeMs - 1;
  const over = { supersedes: [{ replica: goes, ctr: 1 }] };
  const late = replicaAt(nowMs, "late");
  await at.commit([pushOf(late, 1, [putOf("over", over)])]);
  const known = async () => (await at.part()).marks.map(({ replica }) => replica).toSorted();
  await forgetMarks(storage, limits.dedupeMs, noon + limits.dedupeMs - 1);
  expect(await known()).toEqual([goes, late, stays].toSorted());
  await forgetMarks(storage, limits.dedupeMs, noon + limits.dedupeMs + 60_000);
  expect(await known()).toEqual([late, stays].toSorted());
  nowMs = noon + limits.dedupeMs + 120_000;
  const next = { supersedes: [{ replica: stays, ctr: 1 }] };
  await at.commit([pushOf(late, 2, [putOf("kept", next)])]);
  expect((await at.part()).cells.flatMap(({ pending }) => pending)).toEqual([]);
});

test("whose a key is is known as long as it may write, and longer while a stream knows the key", async () => {
  const tenant = newTenant();
  const at = asking(log, tenant, () => noon);
  const [wrote, read, late] = [
    replicaAt(noon, "wrote"),
    replicaAt(noon, "read"),
    replicaAt(noon + 60_000, "late"),
  ];
  await storage.tenant(tenant, async (tx) => {
    for (const replica of [wrote, read, late]) {
      await bindReplica({ ...tx, nowMs: noon }, replica, "one");
    }
  });
  await at.commit([pushOf(wrote, 1, [putOf("kept")])]);
  const known = async () => {
    const owners = await storage.tenant(tenant, (tx) => ownersOf(tx, [wrote, read, late]));
    return [...owners.keys()].toSorted();
  };
  const { dedupeMs } = limits;
  await forgetWriters(storage, dedupeMs, noon + dedupeMs - 1);
  expect(await known()).toEqual([late, read, wrote].toSorted());
  await forgetWriters(storage, dedupeMs, noon + dedupeMs);
  expect(await known()).toEqual([late, wrote].toSorted());
  await forgetWriters(storage, dedupeMs, noon + dedupeMs + 60_000);
  expect(await known()).toEqual([wrote]);
});
