import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultLimits as limits } from "@foedus/kernel/sync/limits.ts";
import { soundRules as rules } from "@foedus/kernel/sync/rules.ts";
import { utcDay } from "@foedus/kernel/time.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { expect, inject, onTestFinished, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { cloneDatabase, onDatabase, runStatement } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { asking, putOf, pushOf, replicaAt } from "../../../tests/support/synced.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { backupHub } from "../../runtime/backup/backup.ts";
import { restoreHub } from "../../runtime/backup/restore.ts";
import { openIncarnation, readIncarnation, renewIncarnation } from "./incarnation.store.ts";
import { openSyncLog } from "./log.store.ts";
import { addDays } from "./retain.store.ts";

test("a database stamps as one, whoever opens it and however often", async () => {
  const { url } = await cloneDatabase();
  await using one = await openTestStorage(url);
  await using other = await openTestStorage(url);
  const names = await Promise.all([openIncarnation(one), openIncarnation(other)]);
  expect(new Set([...names, await openIncarnation(one)]).size).toBe(1);
  expect(await readIncarnation(other)).toBe(names[0]);
});

test("tables that were carried elsewhere stamp as another, and each log begins another life", async () => {
  const { url } = await cloneDatabase();
  await using storage = await openTestStorage(url);
  const before = await openIncarnation(storage);
  const [tenant, nowMs] = [newTenant(), storage.nowMs()];
  const first = asking(openSyncLog({ storage, incarnation: before, rules, limits }), tenant, () => {
    return nowMs;
  });
  const replica = replicaAt(nowMs, "a");
  await first.commit([pushOf(replica, 1, [putOf("x")])]);
  // As a restore leaves it: the row is another cluster's.
  await rowsOf(url, "update sync_incarnation set identity = 'elsewhere.1.2.3'");
  const after = await openIncarnation(storage);
  expect(after).not.toBe(before);
  const log = openSyncLog({ storage, incarnation: after, rules, limits });
  const second = asking(log, tenant, () => nowMs);
  expect((await second.look()).standing).toEqual({
    epoch: after,
    head: 1,
    vector: { [before]: 1 },
  });
  await second.commit([pushOf(replica, 2, [putOf("y")])]);
  const { standing } = await second.look();
  expect(standing.vector).toEqual({ [before]: 1, [after]: 1 });
});

test("a hub restored from a backup stamps as another, with the log and its days as they were", async () => {
  const { url } = await cloneDatabase();
  const folder = mkdtempSync(join(tmpdir(), "foedus-sync-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const storage = await openTestStorage(url);
  const before = await openIncarnation(storage);
  const [tenant, nowMs] = [newTenant(), storage.nowMs()];
  await addDays(storage, nowMs);
  const log = openSyncLog({ storage, incarnation: before, rules, limits });
  const replica = replicaAt(nowMs, "a");
  await asking(log, tenant, () => nowMs).commit([pushOf(replica, 1, [putOf("x"), putOf("y")])]);
  await storage.close();
  const [data, to, out] = ["data", "new", "hub.backup"].map((name) => join(folder, name));
  if (data === undefined || to === undefined || out === undefined) throw new Error("no folder");
  mkdirSync(join(data, "keys"), { recursive: true });
  mkdirSync(to);
  const passphrase = "correct horse battery staple";
  await backupHub({ data, url, out, passphrase, world: realWorld });
  const name = `restored_${new URL(url).pathname.slice(1)}`;
  await runStatement(inject("adminUrl"), `create database ${name}`);
  const restored = onDatabase(url, name);
  await restoreHub({ data: to, url: restored, from: out, passphrase });
  await using there = await openTestStorage(restored);
  const incarnation = await openIncarnation(there);
  expect(incarnation).not.toBe(before);
  const at = asking(openSyncLog({ storage: there, incarnation, rules, limits }), tenant, () => {
    return nowMs;
  });
  const { epoch, entries } = await at.page(0);
  expect(epoch).toBe(incarnation);
  expect(entries.map(({ seq, stamp }) => [seq, stamp?.hub])).toEqual([
    [1, before],
    [2, before],
  ]);
  const parts = await rowsOf(
    restored,
    "select distinct tableoid::regclass::text as part from sync_log",
  );
  expect(parts).toEqual([{ part: `sync_log_${utcDay(nowMs).replaceAll("-", "")}` }]);
});

test("a clone of the database, on the same server, is not the same", async () => {
  const { url } = await cloneDatabase();
  const storage = await openTestStorage(url);
  const name = await openIncarnation(storage);
  await storage.close();
  const copy = new URL(url);
  copy.pathname += "_copy";
  const template = new URL(url).pathname.slice(1);
  const admin = new URL(url);
  admin.pathname = "/postgres";
  await rowsOf(admin.href, `create database ${template}_copy template ${template}`);
  await using there = await openTestStorage(copy.href);
  expect(await openIncarnation(there)).not.toBe(name);
});

test("stamps given out twice end an incarnation, once however many notice", async () => {
  const { url } = await cloneDatabase();
  await using one = await openTestStorage(url);
  await using other = await openTestStorage(url);
  const reused = await openIncarnation(one);
  const [tenant, nowMs] = [newTenant(), one.nowMs()];
  const options = { incarnation: reused, rules, limits };
  const [log, late] = [
    openSyncLog({ storage: one, ...options }),
    openSyncLog({ storage: other, ...options }),
  ];
  const replica = replicaAt(nowMs, "a");
  await asking(log, tenant, () => nowMs).commit([pushOf(replica, 1, [putOf("x")])]);
  const [name, same] = await Promise.all([
    renewIncarnation(one, reused),
    renewIncarnation(other, reused),
  ]);
  expect(name).toBe(same);
  expect(name).not.toBe(reused);
  // A process that has not heard yet stamps as the new one all the same: the row says so.
  const { standing } = await asking(late, tenant, () => nowMs).commit([
    pushOf(replica, 2, [putOf("y")]),
  ]);
  expect(standing).toEqual({ epoch: name, head: 2, vector: { [reused]: 1, [name]: 1 } });
});
