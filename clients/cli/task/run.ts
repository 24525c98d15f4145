import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { Timer, World } from "@foedus/kernel/world.ts";
import type { Said } from "@foedus/sdk/task/work.ts";
import { progressIn } from "./progress.ts";

/** A command that is run once for each task. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** What it is run with. */
export interface RunOptions {
  readonly world: Pick<World, "timers">;
  readonly input: Uint8Array;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** SIGTERM when it aborts, and SIGKILL a little later. */
  readonly signal: AbortSignal;
  /** A whole line of its standard error, as it comes. */
  readonly complains: (line: string) => void;
  /** A line that says how far it has come instead. */
  readonly progresses: (said: Said) => void;
}

/** How it ended. */
export interface Run {
  readonly code: number;
  /** What ended it from outside, e.g. "SIGKILL". */
  readonly killedBy: string | undefined;
  /** Its standard output, of which what is too much is only counted. */
  readonly output: Uint8Array;
  readonly outputBytes: number;
  /** The end of its standard error. */
  readonly errors: string;
}

/** What a result may hold; one byte more is kept to see that it is too much. */
const outputBytesMax = 262_144;
const errorsLengthMax = 1_900;
/** How long a command may take to end in order once it was told to. */
const killMs = 4_000;

/** Those that run now: they end with this process, however it ends. */
const running = new Set<ChildProcess>();

/** Runs a command. @throws Error when it cannot be started at all */
export async function run({ program, args }: Command, options: RunOptions): Promise<Run> {
  const { input, env, signal, world } = options;
  // A group of its own: Ctrl-C is for the worker, which lets those underway finish.
  const child = spawn(program, args, {
    env: withoutNul(env),
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  watchOver(child);
  const chunks: Buffer[] = [];
  let outputBytes = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    if (outputBytes <= outputBytesMax) chunks.push(chunk);
    outputBytes += chunk.length;
  });
  const errors = lines(options);
  child.stderr.setEncoding("utf8").on("data", errors.add);
  // A command need not read what it is given.
  child.stdin.on("error", () => undefined).end(input);
  let killing: Timer | undefined;
  const stop = () => {
    end(child, "SIGTERM");
    killing = world.timers.after(killMs, () => end(child, "SIGKILL"));
  };
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    const [code, killedBy] = (await once(child, "close")) as [number | null, string | null];
    const output = new Uint8Array(Buffer.concat(chunks));
    const said = { output, outputBytes, errors: errors.tail() };
    return { code: code ?? 128 + signalNumber(killedBy), killedBy: killedBy ?? undefined, ...said };
  } finally {
    signal.removeEventListener("abort", stop);
    // Its number may soon be somebody else's.
    killing?.cancel();
    running.delete(child);
  }
}

/** Whether a command cannot be started, whatever it is given: no other task would do better. */
export function isBroken(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return ["ENOENT", "EACCES", "ENOTDIR"].includes(String(error.code));
}

/** No environment can hold one, and what a submitter writes must not keep a command from it. */
function withoutNul(env: RunOptions["env"]): RunOptions["env"] {
  const clean = Object.entries(env).map(([name, value]) => [name, value?.replaceAll("\0", "")]);
  return Object.fromEntries(clean) as RunOptions["env"];
}

function signalNumber(name: string | null): number {
  const numbers: Readonly<Record<string, number>> = constants.signals;
  return name === null ? 0 : (numbers[name] ?? 0);
}

function watchOver(child: ChildProcess): void {
  if (running.size === 0 && process.listenerCount("exit", endAll) === 0) {
    process.on("exit", endAll);
  }
  running.add(child);
}

function endAll(): void {
  for (const child of running) end(child, "SIGTERM");
}

/** The whole group: a shell's children are meant as well. */
function end({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}

const lineMax = 1_000;

/** Whole lines as they come, and the end of all that are no progress. */
function lines({ complains, progresses }: Pick<RunOptions, "complains" | "progresses">) {
  let open = "";
  let kept = "";
  const take = (line: string) => {
    const progress = progressIn(line);
    if (progress !== undefined) return progresses(progress);
    kept = `${kept}${line}\n`.slice(-errorsLengthMax);
    complains(line.slice(0, lineMax));
  };
  return {
    add(text: string) {
      const parts = `${open}${text}`.split("\n");
      open = (parts.pop() ?? "").slice(-errorsLengthMax);
      for (const part of parts) take(part);
    },
    tail: () => {
      if (open !== "") take(open);
      return kept.trim().toWellFormed();
    },
  };
}
