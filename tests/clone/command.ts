import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { elsewhereOf, type Clone } from "./ground.ts";

/** In the environment of everything a clone starts. */
const markName = "FOEDUS_CLONE";

/** A command of a newcomer, with all it printed. */
export type Command = {
  process: ChildProcess;
  output: () => string;
  elapsedMs: () => number;
  /** Resolves when it and everything it started have ended, with its exit code. */
  ended: Promise<number | null>;
};

/** Runs a command in a clone as a terminal would: in a process group of its own, without input. */
export function run(clone: Clone, command: string, args: string[]): Command {
  const { folder, user, env } = clone;
  const startMs = performance.now();
  const marked = { ...env, FOEDUS_PORTS: "auto", [markName]: folder, PWD: folder };
  const options = { ...user, cwd: folder, env: marked, detached: true };
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => (text += part));
  }
  return {
    process: child,
    output: () => text,
    elapsedMs: () => performance.now() - startMs,
    ended: once(child, "close").then(([code]) => code as number | null),
  };
}

/** Resolves with the match once the command printed it; fails when it ends or takes too long. */
export async function printed(
  command: Command,
  pattern: RegExp,
  limitMs: number,
): Promise<RegExpExecArray> {
  const late = AbortSignal.timeout(limitMs);
  let over = false;
  void command.ended.then(() => (over = true));
  for (;;) {
    const match = pattern.exec(command.output());
    if (match) return match;
    if (over) throw new Error(`ended without printing ${pattern}`);
    if (late.aborted) throw new Error(`did not print ${pattern} in ${limitMs / 1000} s`);
    const { stdout, stderr } = command.process;
    const heard = new AbortController();
    const signal = AbortSignal.any([late, heard.signal]);
    const parts = [stdout, stderr].map((stream) => stream && once(stream, "data", { signal }));
    await Promise.race([...parts, command.ended]).catch(() => undefined);
    heard.abort();
  }
}

/** Resolves with the exit code, or fails after the limit. */
export async function endedWithin(command: Command, limitMs: number): Promise<number | null> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`did not end in ${limitMs / 1000} s`)), limitMs);
  try {
    return await Promise.race([command.ended, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Signals the command's whole group, as Ctrl-C in a terminal does. */
export function signalGroup(command: Command, signal: NodeJS.Signals): void {
  const { pid } = command.process;
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // All of it has ended.
  }
}

/** Everything that runs from a clone: what carries its mark, and PostgreSQL by its folder. */
export function processesOf(clone: Clone): number[] {
  const own = [clone.folder, elsewhereOf(clone)].filter((folder) => folder !== undefined);
  const mark = `${markName}=${clone.folder}\0`;
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      const command = read(`/proc/${pid}/cmdline`);
      const isServer = command.includes("postgres") && own.some((each) => command.includes(each));
      return pid > 0 && (isServer || read(`/proc/${pid}/environ`).includes(mark));
    });
}

/** Kills all of them, as a crash would. */
export function killAll(clone: Clone): number {
  const pids = processesOf(clone);
  for (const pid of pids) process.kill(pid, "SIGKILL");
  return pids.length;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
