import { execFile } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskStepSchema } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { expect, onTestFinished, test } from "vitest";
import { makeDataFolder } from "../../tests/support/folder.ts";
import { lanesOf, scaleOf, type Held } from "./tasks.lanes.ts";
import { holdsOf } from "./tasks.record.ts";

const run = promisify(execFile);
const demo = fileURLToPath(new URL("tasks.ts", import.meta.url));
/** Packages of other languages are fetched and compiled the first time. */
const demoMs = 400_000;

const on = { fromMs: 1_000, untilMs: 3_000, columns: 20 };

function textOf(held: readonly Held[]): string[] {
  return lanesOf(["ada", "ben"], held, on).map(({ worker, pieces }) => {
    return `${worker} ${pieces.map(({ text }) => text).join("")}`.trimEnd();
  });
}

test("what a worker does at once stands in lanes of its own, and the dead keep their leases", () => {
  const held: Held[] = [
    { label: "01", worker: "ada", fromMs: 1_000, untilMs: 2_000, isDone: true },
    { label: "02", worker: "ada", fromMs: 1_500, untilMs: 2_900, isDone: false, diedMs: 2_100 },
    { label: "03", worker: "ada", fromMs: 2_000, untilMs: 2_600, isDone: true },
  ];
  expect(textOf(held)).toEqual(["ada 01━━━━━━━ 03━━━", "ada      02━━━╳·······", "ben"]);
  expect(scaleOf(on)).toBe("0 s       1 s       2 s");
});

test("what the dead never heard of was taken back, and is not what died with it", () => {
  const step = (ms: number, state: TaskState, caller: string, message = "") =>
    create(TaskStepSchema, { time: timestampFromMs(ms), state, caller, message });
  const steps = [
    step(1_000, TaskState.WORKING, "ada"),
    step(1_400, TaskState.SUBMITTED, "hub", "given back undone"),
    // Who claims says by his own clock of a moment before.
    step(1_390, TaskState.WORKING, "ben"),
    step(2_000, TaskState.COMPLETED, "ben"),
  ];
  const held = holdsOf("01", steps, { names: new Map(), diedMs: new Map([["ada", 1_100]]) });
  expect(held.map(({ diedMs, isUnread, isDone }) => [diedMs, isUnread, isDone])).toEqual([
    [undefined, true, false],
    [undefined, undefined, true],
  ]);
  expect(textOf(held)).toEqual(["ada 01·", "ben     01━━━"]);
});

test("tasks shorter than a column are still shown, one after the other", () => {
  const held = ["01", "02", "03"].map((label, at) => {
    const fromMs = 1_000 + at * 10;
    return { label, worker: "ada", fromMs, untilMs: fromMs + 10, isDone: true };
  });
  expect(textOf(held)).toEqual(["ada 01 02 03", "ben"]);
});

test(
  "four workers, one killed and one lying, do everything once, and leave nothing behind",
  async () => {
    const folder = makeDataFolder("demo");
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const env = { ...process.env, TMPDIR: folder, NO_COLOR: "1" };
    const { stdout: out, stderr } = await run(process.execPath, [demo], { env, timeout: demoMs });
    expect(stderr).toBe("");

    for (const line of [/^ +pia +to work in Python: /m, /^ +gus +to work in Go: compiling /m]) {
      expect(out).toMatch(line);
    }
    expect(out).toMatch(/60 tasks submitted, 60 done exactly once, 60 with the right result/);
    const ofDead = Number(/(\d) of the dead were done by others/.exec(out)?.[1]);
    expect(ofDead).toBeGreaterThan(0);
    expect(out).toMatch(/7 lies told, 7 refused by name/);
    expect(out).toMatch(/all is well\n$/);
    const words = ["UNKNOWN", "LOST", "REPEATED", "TASK_PARENT_NOT_HELD"];
    for (const word of words) expect(out).toContain(`hub        ${word}: `);
    for (const name of ["ada", "pia", "gus", "mallory"]) {
      expect(out).toMatch(new RegExp(`^ {2}${name} +(?:\\d\\d━| +\\d\\d━)`, "m"));
    }
    expect(out.match(/╳·+/g)).toHaveLength(ofDead);
    expect(out.match(/ada died with it at .*; (?:pia|gus|mallory) took it at/g)).toHaveLength(
      ofDead,
    );

    expect(readdirSync(folder)).toEqual([]);
    const { stdout: processes } = await run("ps", ["-A", "-o", "args"]);
    expect(processes).not.toContain(folder);
  },
  demoMs,
);
