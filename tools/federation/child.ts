import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { realWorld } from "@foedus/kernel/world.real.ts";

/** The repository. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** A program of ours that runs beside this one. */
export interface Child {
  readonly pid: number;
  readonly name: string;
  /** The first line of its standard output that matches; rejects with its last words if it ends. */
  line(pattern: RegExp): Promise<string>;
  /** Resolves when it has ended, with what it wrote last. */
  readonly ended: Promise<string>;
  /** Asks it to end, and insists after a while. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

const insistAfterMs = 20_000;
const lastLinesMax = 20;

/** Starts a program of the repository; what it says on standard error goes into a log file. */
export function startChild(
  name: string,
  script: string,
  args: readonly string[],
  logFile: string,
): Child {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile, { flags: "a", mode: 0o600 });
  // In a process group of its own: Ctrl-C reaches it through us, once, and in the right order.
  const child = spawn(process.execPath, [join(root, script), ...args], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { stdout, stderr, pid = 0 } = child;
  if (stdout === null || stderr === null) throw new Error(`${name}'s output is not piped`);
  const last: string[] = [];
  createInterface({ input: stderr }).on("line", (line) => {
    log.write(`${line}\n`);
    last.push(line);
    if (last.length > lastLinesMax) last.shift();
  });
  const out: string[] = [];
  const lines = createInterface({ input: stdout }).on("line", (line) => void out.push(line));
  const ended = once(child, "close").then(() => {
    log.end();
    return lastWords(last);
  });
  return {
    pid,
    name,
    ended,
    line: async (pattern) => {
      const heard = firstMatch(lines, out, pattern);
      const words = await Promise.race([
        heard,
        ended.then((text) => Promise.reject(new Ended(text))),
      ]);
      return words;
    },
    stop: () => end(child, "SIGTERM"),
    kill: () => end(child, "SIGKILL"),
  };
}

/** A program ended before it was ready; the message is what it said last. */
export class Ended extends Error {
  override readonly name = "Ended";
}

/** What it told people of its failure, from there to the end; else all it wrote. */
function lastWords(lines: readonly string[]): string {
  const from = lines.findIndex((line) => line.startsWith("foedus: "));
  return lines.slice(Math.max(from, 0)).join("\n");
}

function firstMatch(
  lines: ReturnType<typeof createInterface>,
  before: readonly string[],
  pattern: RegExp,
): Promise<string> {
  const found = before.find((line) => pattern.test(line));
  if (found !== undefined) return Promise.resolve(found);
  return new Promise((resolve) => {
    const look = (line: string) => {
      if (!pattern.test(line)) return;
      lines.off("line", look);
      resolve(line);
    };
    lines.on("line", look);
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  const insist = realWorld.timers.after(insistAfterMs, () => child.kill("SIGKILL"));
  await gone;
  insist.cancel();
}
