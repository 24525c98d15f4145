import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { killAllScripts, killScript, lineOf, runScript } from "../../tests/support/script.ts";
import { holdFolder } from "./folder.ts";

const holding = `
  import { holdFolder } from "${new URL("./folder.ts", import.meta.url).href}";
  try {
    await holdFolder(process.argv[1], "the hub");
    console.log("holds");
  } catch (error) {
    console.log("refused " + error.message);
  }
  process.stdin.resume();
`;
const startersMax = 20;
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "foedus-folder-"));
});

afterEach(() => {
  killAllScripts();
  rmSync(folder, { recursive: true, force: true });
});

function hold() {
  return runScript(holding, { args: [folder] });
}

test("a second holder hears who holds the folder, and since when", async () => {
  const first = hold();
  await lineOf(first, /^holds/);
  const refused = await lineOf(hold(), /^refused/);
  expect(refused).toContain(`${folder} is held by process ${first.process.pid} (`);
  expect(refused).toContain("node");
  expect(refused).toMatch(/since \d{4}-\d\d-\d\dT/);
});

test("a released folder is free, and the same process cannot hold it twice", async () => {
  const held = await holdFolder(folder, "a test");
  await expect(holdFolder(folder, "a test")).rejects.toThrow(/is held by process/);
  held.release();
  held.release();
  (await holdFolder(folder, "a test")).release();
});

test("the lock of a process killed with -9 is taken over", async () => {
  for (let round = 0; round < 5; round += 1) {
    const script = hold();
    await lineOf(script, /^holds/);
    await killScript(script);
  }
});

test("of twenty starters at once one holds, also over a dead holder's lock", async () => {
  const dead = hold();
  await lineOf(dead, /^holds/);
  await killScript(dead);
  const starters = Array.from({ length: startersMax }, hold);
  const lines = await Promise.all(starters.map((each) => lineOf(each, /^(holds|refused)/)));
  expect(lines.filter((line) => line === "holds")).toHaveLength(1);
  const winner = starters[lines.indexOf("holds")];
  const refusals = lines.filter((line) => line.startsWith("refused"));
  for (const line of refusals) expect(line).toContain(`process ${winner?.process.pid} (`);
});

test("a holder that only sleeps keeps its lock", async () => {
  const sleeper = hold();
  await lineOf(sleeper, /^holds/);
  sleeper.process.kill("SIGSTOP");
  await lineOf(hold(), /^refused/);
});

test("a folder that cannot be one is refused with its name and the cause", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  await expect(holdFolder(file, "a test")).rejects.toThrow(`${file} cannot be used: EEXIST`);
});
