import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { existsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { cloneDatabase, onDatabase, runStatement } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { appendLog, readLog } from "../storage/log.ts";
import { migrationNames } from "../storage/breaking.ts";
import { migrate } from "../storage/migrate.ts";
import { checkWalls } from "../storage/walls.ts";
import { backupHub } from "./backup.ts";
import { restoreHub } from "./restore.ts";

const passphrase = "correct horse battery staple";
const world = realWorld;
let folder: string;
let home: string;
let out: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "foedus-backup-"));
  home = join(folder, "data");
  out = join(folder, "hub.backup");
  mkdirSync(join(home, "keys"), { recursive: true, mode: 0o700 });
  mkdirSync(join(home, "recovery"), { mode: 0o700 });
  writeFileSync(join(home, "keys", "hub.json"), randomBytes(200_000), { mode: 0o600 });
  writeFileSync(join(home, "keys", "intermediate.pem"), "a key", { mode: 0o600 });
  writeFileSync(join(home, "recovery", "root.sealed"), "a root", { mode: 0o600 });
  writeFileSync(join(home, "session"), "not the hub's", { mode: 0o600 });
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A database with nothing in it, as a new hub finds it. */
async function emptyDatabase(): Promise<string> {
  const name = `empty_${randomBytes(6).toString("hex")}`;
  await runStatement(inject("adminUrl"), `create database ${name}`);
  return onDatabase(inject("adminUrl"), name);
}

/** Rows in every table there is, of two tenants, and a log of several days. */
async function fill(url: string): Promise<void> {
  const columns = await rowsOf(
    url,
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as names,
            array_agg(format_type(a.atttypid, null) order by a.attnum) as types
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and not c.relispartition and c.relname not like 'kysely%' group by 1`,
  );
  const samples: Record<string, string> = {
    text: "tenant || ' é€𝄞 ' || n",
    bytea: "decode(md5(tenant || n), 'hex')",
    date: "date '2026-11-21' + n",
    boolean: "n % 2 = 0",
    "text[]": "array[tenant, n::text]",
    uuid: "md5(tenant || n)::uuid",
  };
  for (const { name, names = [], types = [] } of columns as Record<string, string[]>[]) {
    // The tenant stands first, but where the widths of columns are in order.
    const tenantAt = Math.max(0, names.indexOf("tenant_id"));
    const values = types.map((type, at) => (at === tenantAt ? "tenant" : (samples[type] ?? "n")));
    await rowsOf(
      url,
      `insert into "${String(name)}" (${names.join(", ")})
       select ${values.join(", ")}
       from unnest(array['one', 'two']) tenant, generate_series(1, 50) n
       on conflict do nothing`,
    );
  }
  await rowsOf(url, "delete from log_head; select foedus_add_log_day('event', '2026-11-25')");
}

/** A digest of all rows of each table. */
async function digests(url: string): Promise<Record<string, unknown>> {
  const tables = await rowsOf(
    url,
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace
       and relkind in ('r', 'p') and not relispartition order by 1`,
  );
  const found: Record<string, unknown> = {};
  for (const { name } of tables) {
    const rows = await rowsOf(
      url,
      `select count(*), md5(string_agg(t::text, '|' order by t::text)) from "${String(name)}" t`,
    );
    if (!String(name).startsWith("kysely")) found[String(name)] = rows[0];
  }
  return found;
}

test("a restored hub has every row, every partition and every file of the one backed up", async () => {
  const { url } = await cloneDatabase();
  await fill(url);
  const before = await digests(url);
  expect(Object.keys(before).length).toBeGreaterThan(15);
  const written = await backupHub({ data: home, url, out, passphrase, world });
  expect(written).toMatchObject({ files: 3, tables: Object.keys(before).length });
  expect(statSync(out).mode & 0o777).toBe(0o600);

  const restored = await emptyDatabase();
  const place = join(folder, "new");
  mkdirSync(place);
  const read = await restoreHub({ data: place, url: restored, from: out, passphrase });
  expect(read).toEqual(written);
  expect(await digests(restored)).toEqual(before);
  const day =
    "select tableoid::regclass::text as part from event_log where day = '2026-11-25' limit 1";
  expect(await rowsOf(restored, day)).toEqual([{ part: "event_log_20261125" }]);
  for (const path of ["keys/hub.json", "keys/intermediate.pem", "recovery/root.sealed"]) {
    expect(readFileSync(join(place, path))).toEqual(readFileSync(join(home, path)));
    expect(statSync(join(place, path)).mode & 0o777).toBe(0o600);
  }
  expect(readdirSync(place).toSorted()).toEqual(["keys", "recovery"]);
  await using storage = await openTestStorage(restored);
  await checkWalls(storage);
});

test("a backup under load holds one moment: its log has no hole and no half of a transaction", async () => {
  const { url } = await cloneDatabase();
  await using storage = await openTestStorage(url);
  const tenant = tenantProved("busy");
  let writing = true;
  const writes = [0, 1].map(async () => {
    while (writing) {
      const entry = { kind: "k", source: "", subject: "", body: new Uint8Array(2_000) };
      await storage.tenant(tenant, (tx) => appendLog(tx, "event", [entry, entry, entry]));
    }
  });
  for (let seq = 0n; seq < 100n;) {
    seq = (await storage.tenant(tenant, (tx) => readLog(tx, "event", 0n, 1))).head;
  }
  await backupHub({ data: home, url, out, passphrase, world });
  writing = false;
  await Promise.all(writes);
  const restored = await emptyDatabase();
  await restoreHub({ data: join(folder, "new"), url: restored, from: out, passphrase });
  const [state] = await rowsOf(
    restored,
    `select h.seq, count(*) as rows, max(l.seq) as last from log_head h
     join event_log l on l.tenant_id = h.tenant_id where h.log = 'event' group by h.seq`,
  );
  expect(state?.rows).toBe(state?.seq);
  expect(state?.last).toBe(state?.seq);
  expect(Number(state?.seq) % 3).toBe(0);
});

test("what is changed or cut short restores nothing, and a good copy then restores", async () => {
  const { url } = await cloneDatabase();
  await fill(url);
  const before = await digests(url);
  await backupHub({ data: home, url, out, passphrase, world });
  const good = readFileSync(out);
  const restored = await emptyDatabase();
  const place = join(folder, "new");
  mkdirSync(place);
  const attempt = (from: string) => restoreHub({ data: place, url: restored, from, passphrase });
  const flipped = Buffer.from(good);
  flipped[good.length - 20] = (flipped[good.length - 20] ?? 0) ^ 1;
  for (const bad of [flipped, good.subarray(0, -1), good.subarray(0, 30), Buffer.alloc(0)]) {
    writeFileSync(out, bad);
    await expect(attempt(out)).rejects.toMatchObject({ reason: Reason.BACKUP_UNREADABLE });
    expect(readdirSync(place)).toEqual([]);
  }
  const other = restoreHub({ data: place, url: restored, from: out, passphrase: "another" });
  await expect(other).rejects.toMatchObject({ reason: Reason.BACKUP_UNREADABLE });
  writeFileSync(out, good);
  await attempt(out);
  expect(await digests(restored)).toEqual(before);
});

test("a place that is not empty is refused, and left as it is", async () => {
  const { url } = await cloneDatabase();
  await fill(url);
  await backupHub({ data: home, url, out, passphrase, world });
  const before = await digests(url);
  const place = join(folder, "new");
  const over = restoreHub({ data: place, url, from: out, passphrase });
  await expect(over).rejects.toMatchObject({ reason: Reason.RESTORE_NOT_EMPTY });
  expect(await digests(url)).toEqual(before);
  expect(existsSync(join(place, "keys"))).toBe(false);
  const into = restoreHub({ data: home, url: await emptyDatabase(), from: out, passphrase });
  await expect(into).rejects.toMatchObject({ reason: Reason.RESTORE_NOT_EMPTY });
});

test("a backup of an earlier schema is restored, and brought to this one", async () => {
  const old = await emptyDatabase();
  await migrate(old, "0004_person");
  await rowsOf(old, "insert into person (tenant_id, id, body) values ('one', 'p', 'x')");
  await backupHub({ data: home, url: old, out, passphrase, world });
  const restored = await emptyDatabase();
  await restoreHub({ data: join(folder, "new"), url: restored, from: out, passphrase });
  expect(await rowsOf(restored, "select id from person")).toEqual([{ id: "p" }]);
  expect(await rowsOf(restored, "select max(name) as name from kysely_migration")).toEqual([
    { name: migrationNames().at(-1) },
  ]);
});

test("a backup of a later program is refused, and says of which", async () => {
  const { url } = await cloneDatabase();
  await rowsOf(url, "insert into kysely_migration values ('9999_later', 'now')");
  await backupHub({ data: home, url, out, passphrase, world });
  const attempt = restoreHub({
    data: join(folder, "new"),
    url: await emptyDatabase(),
    from: out,
    passphrase,
  });
  await expect(attempt).rejects.toMatchObject({ reason: Reason.BACKUP_TOO_NEW });
});

test("a backup that fails leaves no file, and the one before stays", async () => {
  const { url } = await cloneDatabase();
  await backupHub({ data: home, url, out, passphrase, world });
  const before = readFileSync(out);
  const broken = new URL(url);
  broken.host = "127.0.0.1:1";
  const failing = backupHub({ data: home, url: broken.href, out, passphrase, world });
  await expect(failing).rejects.toMatchObject({ reason: Reason.DATABASE_UNREACHABLE });
  const nowhere = backupHub({ data: home, url, out: join(folder, "none", "x"), passphrase, world });
  await expect(nowhere).rejects.toMatchObject({ reason: Reason.DATA_FOLDER_UNUSABLE });
  expect(readFileSync(out)).toEqual(before);
  expect(readdirSync(folder).filter((name) => name.endsWith(".partial"))).toEqual([]);
});
