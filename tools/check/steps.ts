// Runs commands side by side, and tells of each in one line; what a failing one wrote is shown.
import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";

/** One thing that must hold: a command that ends with 0. */
export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

/** How a step ended. */
export interface Outcome {
  readonly step: Step;
  readonly passed: boolean;
  readonly seconds: number;
  /** What it wrote, errors included. */
  readonly output: string;
}

/** Runs the steps, `atOnce` of them at a time in the order given; calls back as each one ends. */
export async function runSteps(
  steps: readonly Step[],
  options: { readonly root: string; readonly atOnce: number; ended(outcome: Outcome): void },
): Promise<readonly Outcome[]> {
  const waiting = [...steps];
  const outcomes: Outcome[] = [];
  const work = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const outcome = await runStep(step, options.root);
      outcomes.push(outcome);
      options.ended(outcome);
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, work));
  return outcomes;
}

async function runStep(step: Step, root: string): Promise<Outcome> {
  const [program, ...args] = step.command;
  const path = `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH ?? ""}`;
  const startMs = performance.now();
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, PATH: path, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const passed = await new Promise<boolean>((resolve) => {
    child.once("error", (error) => {
      chunks.push(Buffer.from(error.message));
      resolve(false);
    });
    child.once("close", (code) => resolve(code === 0));
  });
  const seconds = (performance.now() - startMs) / 1000;
  return { step, passed, seconds, output: Buffer.concat(chunks).toString("utf8").trimEnd() };
}

/** The line of one step, e.g. "ok     1.2 s  types". */
export function lineOf({ step, passed, seconds }: Outcome): string {
  return `${passed ? "ok    " : "FAILED"} ${seconds.toFixed(1).padStart(5)} s  ${step.name}`;
}
