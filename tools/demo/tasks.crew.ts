import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { joinHub } from "@foedus/sdk/join.ts";
import { go, goProgram, missing, python, pythonTools } from "../third-party/toolchain.ts";
import type { DemoHub } from "./hubs.ts";

/** The queue of the demonstration. */
export const queue = "letters";
/** Tasks that each worker does at once. */
export const concurrency = 2;

const root = fileURLToPath(new URL("../../", import.meta.url));
const farewellMs = 15_000;

/** A language that workers are written in, and how one is started there. */
export interface Language {
  readonly name: "TypeScript" | "Python" | "Go";
  /** The example worker of the language. */
  readonly program: string;
  /** What is fetched or compiled before it starts, where that may take a while. */
  readonly prepares?: string;
  /** What is missing on this machine; undefined when all is here. */
  readonly lacks: () => string | undefined;
  /** May take a while the first time. */
  readonly command: () => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The example worker in TypeScript: it runs wherever this demonstration runs. */
export const typescript: Language = {
  name: "TypeScript",
  program: "examples/worker.ts",
  lacks: () => undefined,
  command: () => [process.execPath, `${root}examples/worker.ts`],
};

/** The example worker in Python. */
export const inPython: Language = {
  name: "Python",
  program: "clients/python/example_worker.py",
  prepares: "to work in Python: what that needs is fetched the first time",
  lacks: () => missing(python),
  command: () => [pythonTools(), `${root}clients/python/example_worker.py`],
  env: { PYTHONPATH: `${root}clients/python`, PYTHONDONTWRITEBYTECODE: "1" },
};

/** The example worker in Go. */
export const inGo: Language = {
  name: "Go",
  program: "clients/go/example/worker",
  prepares: "to work in Go: compiling that takes a minute or more the first time",
  lacks: () => missing(go),
  command: () => [goProgram("clients/go", "./example/worker", "example-worker")],
};

/** A worker that runs as a process of its own. */
export interface CrewMember {
  readonly name: string;
  readonly language: Language["name"];
  /** Ends it as a power cut would; says when. */
  kill(): Promise<number>;
  /** Lets it finish, and end. */
  stop(): Promise<void>;
}

/** Joins a node and starts the language's example worker on it. */
export async function startWorker(
  folder: string,
  hub: DemoHub,
  name: string,
  language: Language,
): Promise<CrewMember> {
  const own = join(folder, "nodes", name);
  const { secret: token, invitation } = await hub.session.token(name);
  await joinHub({ invitation, token, folder: own, name });
  const [command = "", ...words] = language.command();
  const flags = [...words, own, queue, "--name", name, "--concurrency", String(concurrency)];
  const env = { ...process.env, ...language.env };
  const child = spawn(command, flags, { env, stdio: ["ignore", "ignore", "pipe"] });
  const complaints = heard(child);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "close");
    child.kill(signal);
    const late = realWorld.timers.after(farewellMs, () => child.kill("SIGKILL"));
    await gone;
    late.cancel();
  };
  return {
    name,
    language: language.name,
    async kill() {
      const atMs = realWorld.clock.now();
      await end("SIGKILL");
      return atMs;
    },
    async stop() {
      if (child.exitCode !== null) throw new Error(`${name} ended by itself: ${complaints()}`);
      await end("SIGTERM");
    },
  };
}

/** The last of what a process complains of. */
function heard(child: ChildProcess): () => string {
  const lengthMax = 2_000;
  let text = "";
  child.stderr?.on("data", (chunk: Buffer) => (text = (text + chunk.toString()).slice(-lengthMax)));
  return () => text.trim();
}
