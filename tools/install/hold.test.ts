import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { killAllScripts, killScript, lineOf, runScript } from "../../tests/support/script.ts";

const startersMax = 12;
/** Says when it holds, looks whether it is alone, and lets go on the next line of its input. */
const holder = `
  import { hold } from "${new URL("./hold.mjs", import.meta.url).href}";
  import { readdirSync } from "node:fs";
  const held = await hold(process.argv[1], (line) => process.stdout.write(line));
  console.log("holds " + readdirSync(process.argv[1]).length);
  process.stdin.once("data", () => {
    held.release();
    process.exit();
  });
`;
let folder = "";
let lock = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "foedus-hold-"));
  lock = join(folder, ".installing");
});

afterEach(() => {
  killAllScripts();
  rmSync(folder, { recursive: true, force: true });
});

function starter() {
  return runScript(holder, { args: [lock] });
}

test("the second waits, and says for which process", async () => {
  const first = starter();
  await lineOf(first, /^holds 1$/);
  const second = starter();
  const line = await lineOf(second, /waiting for it/);
  expect(line).toContain(`process ${first.process.pid} is installing here already`);
  first.process.stdin?.write("\n");
  await lineOf(second, /^holds 1$/);
});

test("of many over a dead holder's lock one holds at a time, until all have", async () => {
  const dead = starter();
  await lineOf(dead, /^holds 1$/);
  await killScript(dead);
  const starters = Array.from({ length: startersMax }, starter);
  const done = new Set<(typeof starters)[number]>();
  while (done.size < startersMax) {
    const waiting = starters.filter((each) => !done.has(each));
    const next = await Promise.race(
      waiting.map((each) => lineOf(each, /^holds 1$/).then(() => each)),
    );
    const holding = waiting.filter((each) => each.lines.some((line) => line.startsWith("holds")));
    expect(holding).toHaveLength(1);
    const gone = once(next.process, "exit");
    next.process.stdin?.write("\n");
    await gone;
    done.add(next);
  }
  expect(existsSync(lock) ? readdirSync(lock) : []).toHaveLength(0);
});
