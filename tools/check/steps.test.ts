import { expect, test } from "vitest";
import { lineOf, runSteps, type Outcome, type Step } from "./steps.ts";

const node = process.execPath;
const passing: Step = { name: "fine", command: [node, "-e", "console.log('well')"] };
const failing: Step = {
  name: "broken",
  command: [node, "-e", "console.error('why'); process.exitCode = 3"],
};

async function run(steps: readonly Step[], atOnce = 2): Promise<readonly Outcome[]> {
  return await runSteps(steps, { root: process.cwd(), atOnce, ended: () => undefined });
}

test("a step passes by its exit code", async () => {
  expect(await run([passing])).toMatchObject([{ passed: true, output: "well" }]);
});

test("a failing step is told with what it wrote, and the others still run", async () => {
  const outcomes = await run([failing, passing], 1);
  expect(outcomes).toMatchObject([{ passed: false, output: "why" }, { passed: true }]);
});

test("a command that does not exist is a failed step", async () => {
  const [outcome] = await run([{ name: "absent", command: ["no-such-program"] }]);
  expect(outcome).toMatchObject({ passed: false });
  expect(outcome?.output).toContain("ENOENT");
});

test("each step has one line with its time", () => {
  const outcome = { step: passing, passed: true, seconds: 1.25, output: "" };
  expect(lineOf(outcome)).toBe("ok       1.3 s  fine");
  expect(lineOf({ ...outcome, passed: false })).toBe("FAILED   1.3 s  fine");
});
