import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { killAllScripts, lineOf, runScript } from "../../../tests/support/script.ts";
import { folderStore } from "./folder.ts";

let around: string;

beforeEach(() => (around = mkdtempSync(join(tmpdir(), "foedus-sdk-"))));
afterEach(() => {
  killAllScripts();
  rmSync(around, { recursive: true, force: true });
});

test("what is written is read, replaced as a whole, and for this user only", async () => {
  const store = folderStore(join(around, "deep", "node"));
  expect(await store.read("node.json")).toBeUndefined();
  await store.write("node.json", "one");
  await store.write("node.json", "two");
  expect(await store.read("node.json")).toBe("two");
  expect(readdirSync(store.place)).toEqual(["node.json"]);
  expect(statSync(store.place).mode & 0o777).toBe(0o700);
  expect(statSync(join(store.place, "node.json")).mode & 0o777).toBe(0o600);
  await store.remove("node.json");
  await store.remove("node.json");
  expect(await store.read("node.json")).toBeUndefined();
});

test("a folder that is a file cannot be used, and says so", async () => {
  const place = join(around, "file");
  writeFileSync(place, "");
  await expect(folderStore(place).write("node.json", "")).rejects.toMatchObject({
    reason: Reason.DATA_FOLDER_UNUSABLE,
  });
});

test("one process at a time holds a folder, and its death frees it", async () => {
  const store = folderStore(join(around, "node"));
  const module = new URL("folder.ts", import.meta.url).href;
  const other = runScript(`
    const { folderStore } = await import(${JSON.stringify(module)});
    await folderStore(${JSON.stringify(store.place)}).hold("the other one");
    console.log("held");
    process.stdin.resume();
  `);
  await lineOf(other, /held/);
  await expect(store.hold("this one")).rejects.toMatchObject({
    reason: Reason.DATA_FOLDER_HELD,
    facts: { pid: String(other.process.pid), command: "the other one" },
  });
  const gone = new Promise((resolve) => other.process.once("exit", resolve));
  other.process.kill("SIGKILL");
  await gone;
  const held = await store.hold("this one");
  held.release();
  (await store.hold("this one again")).release();
});
