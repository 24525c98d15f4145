import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A real Node process that runs a few lines, and what it printed so far. */
export type Script = {
  process: ChildProcess;
  lines: string[];
  errors: string[];
  closed: boolean;
};

const running = new Set<ChildProcess>();

/** As which user it runs, and how large a file it may write. */
export type RunOptions = { args?: string[]; uid?: number; fileKilobytesMax?: number };

/** Runs `source` as a module in a process of its own; its imports are absolute file URLs. */
export function runScript(source: string, options: RunOptions = {}): Script {
  const { args = [], uid, fileKilobytesMax } = options;
  const flags = ["--input-type=module", "--eval", source, "--", ...args];
  const user = uid === undefined ? {} : { uid, gid: uid };
  const limit = `ulimit -f ${fileKilobytesMax ?? "unlimited"}; trap "" XFSZ; exec "$@"`;
  const command = ["-c", limit, "bash", process.execPath, ...flags];
  const child = spawn("bash", command, { ...user, stdio: ["pipe", "pipe", "pipe"] });
  running.add(child);
  child.once("exit", () => running.delete(child));
  const script: Script = { process: child, lines: [], errors: [], closed: false };
  child.once("close", () => (script.closed = true));
  createInterface({ input: child.stdout }).on("line", (line) => script.lines.push(line));
  createInterface({ input: child.stderr }).on("line", (line) => script.errors.push(line));
  return script;
}

/** Resolves with the first line that matches, and fails with what it wrote if it ends before. */
export async function lineOf(script: Script, pattern: RegExp): Promise<string> {
  const { process: child, lines, errors } = script;
  for (;;) {
    const line = lines.find((each) => pattern.test(each));
    if (line !== undefined) return line;
    if (script.closed) {
      throw new Error(`no line ${pattern} before the end:\n${[...lines, ...errors].join("\n")}`);
    }
    const heard = new AbortController();
    const { signal } = heard;
    const ended = once(child, "close", { signal });
    await Promise.race([once(child.stdout ?? child, "data", { signal }), ended]);
    heard.abort();
  }
}

/** Kills the process as a crash would, and waits until it is gone. */
export async function killScript(script: Script): Promise<void> {
  if (script.process.exitCode !== null || script.process.signalCode !== null) return;
  const gone = once(script.process, "exit");
  script.process.kill("SIGKILL");
  await gone;
}

/** Ends what a failed test left running. */
export function killAllScripts(): void {
  for (const child of running) child.kill("SIGKILL");
}
