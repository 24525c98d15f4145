import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { syncHub } from "../../../tests/support/hub.sync.ts";
import { replicaAt } from "../../../tests/support/replicas.ts";
import { killAllScripts, killScript, lineOf, runScript } from "../../../tests/support/script.ts";
import { fileDisk } from "./disk.file.store.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "foedus-sync-"));
  file = join(folder, "deep", "sync.db");
});
afterEach(() => {
  killAllScripts();
  rmSync(folder, { recursive: true, force: true });
});

test("what a file keeps is what was held in memory, to the last counter", async () => {
  const hub = syncHub("hub-1", { opBytesMax: 200, settledKept: 2 });
  const other = (await replicaAt(hub)).collection("notes", { kinds: { title: "multi" } });
  const all = await replicaAt(hub, { disk: fileDisk(file) });
  const notes = all.collection("notes", { kinds: { title: "multi" } });
  for (let n = 0; n < 20; n++) {
    await notes.put(`n${n % 7}`, { title: n, text: "a" });
    await other.put(`n${n % 5}`, { title: -n });
    if (n % 4 === 0) await notes.remove(`n${n % 7}`, "text");
    await notes.increment("count", "n", n);
  }
  await notes.add("row");
  await notes.put("large", { text: "x".repeat(300) });
  await notes.settled("parent");
  await notes.takeBack(notes.quarantine()[0]?.id ?? "");
  hub.cut();
  await notes.put("late", { title: "on top" });
  const rows = notes.list();
  const { holds, replica } = all.replica.state;
  await all.close();
  const loaded = await fileDisk(file).load("another");
  expect(loaded.replica).toBe(replica);
  expect(loaded.holds).toEqual(holds);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(rows.find(({ record }) => record === "late")).toBeDefined();
});

test("another hub goes on where the first left off: nothing is lost, nothing counted twice", async () => {
  const [first, second] = [syncHub("hub-1"), syncHub("hub-2")];
  const all = await replicaAt(first, { disk: fileDisk(file) });
  await all.collection("notes").increment("n", "count", 2);
  await all.collection("notes").settled();
  first.cut();
  await all.collection("notes").increment("n", "count", 3);
  await all.close();
  const again = await replicaAt(second, { disk: fileDisk(file) });
  const notes = again.collection("notes");
  expect(again.replica.state.replica).toBe(all.replica.state.replica);
  expect(notes.get("n")?.counts).toEqual({ count: 5 });
  await notes.settled("parent");
  const elsewhere = (await replicaAt(second)).collection("notes");
  await expect.poll(() => elsewhere.get("n")?.counts).toEqual({ count: 5 });
});

test("a process that is killed loses nothing it was told is stored, and frees its file", async () => {
  const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const other = runScript(`
    const { openCollectionsOn } = await import(${module("collections.ts")});
    const { fileDisk } = await import(${module("disk.file.store.ts")});
    const { realWorld: world } = await import(${module("../../../server/kernel/world.real.ts")});
    const disk = fileDisk(${JSON.stringify(file)});
    const all = await openCollectionsOn({ world, disk, tenant: "main" });
    const notes = all.collection("notes");
    for (let n = 1; ; n++) {
      await notes.put("r" + n, { n });
      console.log("stored " + n + ".");
    }
  `);
  await lineOf(other, /stored 20\./);
  await expect(fileDisk(file).load("x")).rejects.toMatchObject({ reason: Reason.SYNC_FILE_HELD });
  await killScript(other);
  const all = await replicaAt(undefined, { disk: fileDisk(file) });
  const rows = all.collection("notes").list();
  expect(rows.length).toBeGreaterThanOrEqual(20);
  await all.collection("notes").put("more", { n: 0 });
  expect(all.collection("notes").status().outboxOps).toBe(rows.length + 1);
});

test("a damaged file is put aside whole, and the next opening begins with a new key", async () => {
  const before = await replicaAt(undefined, { disk: fileDisk(file) });
  for (let n = 0; n < 200; n++) void before.collection("notes").put(`r${n}`, { n });
  await before.close();
  const bytes = readFileSync(file);
  bytes.fill(0x55, 4096, bytes.length);
  writeFileSync(file, bytes);
  const error: unknown = await fileDisk(file)
    .load("x")
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ reason: Reason.SYNC_FILE_DAMAGED, facts: { file } });
  const { facts } = error as { facts: { aside: string } };
  expect(readFileSync(facts.aside).equals(bytes)).toBe(true);
  expect(existsSync(file)).toBe(false);
  const after = await replicaAt(undefined, { disk: fileDisk(file) });
  expect(after.replica.state.replica).not.toBe(before.replica.state.replica);
});

test("a file of a newer version, or of another program, is left as it is", async () => {
  const all = await replicaAt(undefined, { disk: fileDisk(file) });
  await all.close();
  const database = new DatabaseSync(file);
  database.exec("PRAGMA user_version = 2");
  database.close();
  const bytes = readFileSync(file);
  const newer = { reason: Reason.SYNC_FILE_NEWER, facts: { version: "2", known: "1" } };
  await expect(fileDisk(file).load("x")).rejects.toMatchObject(newer);
  expect(readFileSync(file).equals(bytes)).toBe(true);
  const foreign = join(folder, "foreign.db");
  const another = new DatabaseSync(foreign);
  another.exec("create table invoice (id integer)");
  another.close();
  const refused = { reason: Reason.FILE_UNUSABLE };
  await expect(fileDisk(foreign).load("x")).rejects.toMatchObject(refused);
  expect(existsSync(foreign)).toBe(true);
});

test("a disk that takes no more ends the collections by name, and shows what it has", async () => {
  const disk = fileDisk(file);
  const all = await replicaAt(undefined, { disk });
  const notes = all.collection("notes");
  await notes.put("n", { a: 1 });
  await disk.close();
  await expect(notes.put("n", { a: 2 })).rejects.toMatchObject({ reason: Reason.SYNC_CLOSED });
  expect(all.signal.aborted).toBe(true);
});

test("what another tenant keeps in the file is not shown, and stays", async () => {
  const ours = await replicaAt(undefined, { disk: fileDisk(file) });
  await ours.collection("notes").put("n", { a: 1 });
  await ours.close();
  const theirs = await replicaAt(undefined, { disk: fileDisk(file), tenant: "other" });
  expect(theirs.collection("notes").list()).toEqual([]);
  await theirs.collection("notes").put("m", { b: 1 });
  await theirs.close();
  const again = await replicaAt(undefined, { disk: fileDisk(file) });
  expect(
    again
      .collection("notes")
      .list()
      .map(({ record }) => record),
  ).toEqual(["n"]);
});

test("a full disk refuses a write by name, and what it took before is all there", async () => {
  const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const source = `
    const { openCollectionsOn } = await import(${module("collections.ts")});
    const { fileDisk } = await import(${module("disk.file.store.ts")});
    const { realWorld: world } = await import(${module("../../../server/kernel/world.real.ts")});
    const disk = fileDisk(${JSON.stringify(file)});
    const all = await openCollectionsOn({ world, disk, tenant: "main" });
    for (let n = 1; ; n++) {
      try {
        await all.collection("notes").put("r" + n, { text: "x".repeat(10_000) });
      } catch (error) {
        console.log("reason " + error.reason + " after " + (n - 1) + ".");
        break;
      }
    }
  `;
  const other = runScript(source, { fileKilobytesMax: 512 });
  const line = await lineOf(other, /reason/);
  await killScript(other);
  const [, reason, count] = /reason (\d+) after (\d+)/.exec(line) ?? [];
  expect(Number(reason)).toBe(Reason.SYNC_DISK_FAILED);
  const all = await replicaAt(undefined, { disk: fileDisk(file) });
  expect(all.collection("notes").list().length).toBe(Number(count));
});
