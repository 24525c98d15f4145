// The shell of somebody who operates a hub: `foedus` is on its PATH, the hub's settings are in its
// environment, and lines are pasted into it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { realWorld } from "@foedus/kernel/world.real.ts";
import type { World } from "@foedus/kernel/world.ts";
import { openContext } from "../../clients/cli/context.ts";
import { openExam, type Finding } from "../../clients/cli/doctor/exam.ts";
import { examineHub } from "../../clients/cli/doctor/hub.ts";
import { examineNode } from "../../clients/cli/doctor/node.ts";
import { openInterrupts, type Interrupts } from "../../clients/cli/interrupt.ts";
import type { Environment } from "../../clients/cli/session.ts";
import type { CommandResult } from "./command.ts";

const foedus = fileURLToPath(new URL("../../clients/cli/foedus.mjs", import.meta.url));

/** Where the doctor looks. */
export interface Look {
  /** A node's folder; the hub when left out. */
  readonly node?: string;
  readonly world?: World;
}

/** What the doctor found. */
export interface Diagnosis {
  readonly findings: readonly Finding[];
  readonly well: boolean;
  /** The first that is wrong; throws where nothing is. */
  first(): Finding;
  of(what: string): Finding | undefined;
}

/** Somebody's shell. */
export interface OperatorShell {
  readonly env: Record<string, string>;
  /** Runs a line to its end. */
  run(line: string): Promise<CommandResult>;
  /** Begins a line that runs on; ended with the shell. */
  start(line: string, folder?: string): ChildProcess;
  /** What `foedus doctor` finds, without the start of another process. */
  doctor(look?: Look): Promise<Diagnosis>;
  /** Looks again and again until it is so; then what was seen. */
  until(look: Look, isIt: (seen: Diagnosis) => boolean): Promise<Diagnosis>;
  /** Ends what was begun. */
  stop(child: ChildProcess): Promise<void>;
  exit(): Promise<void>;
}

/** Opens one; its programs lie in `folder`. */
export function openShell(folder: string, env: Readonly<Record<string, string>>): OperatorShell {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  program(bin, "foedus", `exec "${process.execPath}" "${foedus}" "$@"`);
  const whole: Record<string, string> = {
    HOME: folder,
    PATH: `${bin}:${process.env.PATH}`,
    ...env,
  };
  const begun = new Set<ChildProcess>();
  const interrupts = openInterrupts(realWorld.clock);
  function start(line: string, cwd = folder): ChildProcess {
    const child = spawn("sh", ["-c", `exec ${line}`], { env: whole, cwd, stdio: "pipe" });
    child.stdin.end();
    // What nobody reads would stop it once the pipe is full.
    child.stdout.resume();
    child.stderr.resume();
    begun.add(child);
    return child;
  }
  async function stop(child: ChildProcess): Promise<void> {
    begun.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "close");
    child.kill("SIGTERM");
    await gone;
  }
  const doctor = (look: Look = {}) => examined(look, whole, interrupts);
  return {
    env: whole,
    async run(line) {
      const child = start(line);
      const result = await resultOf(child);
      begun.delete(child);
      return result;
    },
    start,
    stop,
    doctor,
    async until(look, isIt) {
      for (;;) {
        const seen = await doctor(look);
        if (isIt(seen)) return seen;
      }
    },
    exit: async () => void (await Promise.all([...begun].map(stop))),
  };
}

async function resultOf(child: ChildProcess): Promise<CommandResult> {
  const texts = { out: "", errors: "" };
  child.stdout?.on("data", (chunk: Buffer) => (texts.out += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (texts.errors += chunk.toString()));
  await once(child, "close");
  return { code: child.exitCode, ...texts };
}

async function examined(
  { node, world = realWorld }: Look,
  environment: Environment,
  interrupts: Interrupts,
): Promise<Diagnosis> {
  const exam = openExam(() => undefined);
  const options = () => ({ output: "text", color: "never" }) as const;
  const context = openContext({ world, environment, interrupts, options });
  if (node === undefined) await examineHub(exam, context, {});
  else await examineNode(exam, node, context);
  return diagnosisOf(exam.findings);
}

function diagnosisOf(findings: readonly Finding[]): Diagnosis {
  const wrong = findings.find(({ state }) => state === "bad");
  return {
    findings,
    well: wrong === undefined,
    of: (what) => findings.find((one) => one.what === what),
    first() {
      if (wrong === undefined) throw new Error("nothing is wrong");
      return wrong;
    },
  };
}

/** Puts a program of some lines of shell onto a PATH. */
export function program(bin: string, name: string, script: string): void {
  const file = join(bin, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}
