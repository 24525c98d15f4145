// The `foedus` command as its own process, for tests that read what people and programs get.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../clients/cli/foedus.mjs", import.meta.url));

/** How it is run. */
export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What comes on standard input; nothing when left out. */
  readonly input?: string;
}

/** What it left behind. */
export interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** One that runs. */
export interface RunningCommand {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly errors: () => string;
  /** Resolves once what it wrote so far matches; fails when it ends before that. */
  wrote(where: "out" | "errors", pattern: RegExp): Promise<void>;
  readonly ended: Promise<CommandResult>;
}

/** Starts it. Nothing of this machine's own Foedus reaches it. */
export function startCommand(
  args: readonly string[],
  options: CommandOptions = {},
): RunningCommand {
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, ...options.env };
  const child = spawn(process.execPath, [bin, ...args], { env, stdio: ["pipe", "pipe", "pipe"] });
  const texts = { out: "", errors: "" };
  let closed = false;
  child.once("close", () => (closed = true));
  child.stdout.on("data", (chunk: Buffer) => (texts.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (texts.errors += chunk.toString()));
  child.stdin.on("error", () => undefined).end(options.input ?? "");
  const streams = { out: child.stdout, errors: child.stderr };
  const ended = once(child, "close").then(() => ({ code: child.exitCode, ...texts }));
  return {
    child,
    out: () => texts.out,
    errors: () => texts.errors,
    ended,
    async wrote(where, pattern) {
      while (!pattern.test(texts[where])) {
        // What it wrote may still come after it has exited.
        if (closed) {
          throw new Error(`no ${pattern} before the end:\n${texts.out}\n${texts.errors}`);
        }
        await Promise.race([once(streams[where], "data"), ended]);
      }
    },
  };
}

/** Runs it to its end. */
export function runCommand(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return startCommand(args, options).ended;
}
