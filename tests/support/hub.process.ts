// A hub as its own process, for tests that kill it.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ownPorts } from "../../tools/federation/ports.ts";

const main = fileURLToPath(new URL("../../server/main.ts", import.meta.url));

/** What a hub prints on its standard output once it is ready. */
export interface Ready {
  readonly ready: true;
  readonly web: string;
  readonly node: string;
  readonly join: string;
  readonly invitation: string;
}

/** A hub that runs. */
export interface HubProcess {
  readonly ready: Ready;
  readonly child: ChildProcess;
  /** How long it took from the start of the process to ready, in milliseconds. */
  readonly readyMs: number;
  /** Ends it as a power cut would; resolves when it is gone. */
  kill(): Promise<void>;
  /** Ends it as an operator would; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** How a hub is started. */
export interface HubProcessOptions {
  readonly data: string;
  /** A database of its own; without it the hub starts the bundled one. */
  readonly url?: string;
  /** Further flags, e.g. ["--lease-ms", "1000"]; ports are chosen for it unless named. */
  readonly flags?: readonly string[];
  readonly env?: Record<string, string>;
}

/** Starts a hub and waits until it is ready. Throws with what it wrote when it ends before that. */
export async function startHubProcess(options: HubProcessOptions): Promise<HubProcess> {
  const started = performance.now();
  const database = options.url === undefined ? {} : { DATABASE_URL: options.url };
  const ports = await ownPorts();
  const flags = ["--output", "json", "--data", options.data, ...ports, ...(options.flags ?? [])];
  const child = spawn(process.execPath, [main, ...flags], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...database, ...options.env },
  });
  const ready = await readyLine(child);
  const readyMs = performance.now() - started;
  return {
    ready,
    child,
    readyMs,
    kill: () => end(child, "SIGKILL").then(() => undefined),
    stop: () => end(child, "SIGTERM"),
  };
}

/** The secret of the session that a hub keeps for the command line on its machine. */
export function localSession(folder: string): string {
  const kept: unknown = JSON.parse(readFileSync(join(folder, "cli.json"), "utf8"));
  const isKept = typeof kept === "object" && kept !== null && "session" in kept;
  if (!isKept || typeof kept.session !== "string") throw new Error("cli.json holds no session");
  return kept.session;
}

/** The flags that make a restarted hub listen where it listened before. */
export function samePorts(ready: Ready): string[] {
  const port = (address: string) =>
    new URL(address.includes("://") ? address : `tcp://${address}`).port;
  return [
    "--web-port",
    port(ready.web),
    "--node-port",
    port(ready.node),
    "--join-port",
    port(ready.join),
  ];
}

async function readyLine(child: ChildProcess): Promise<Ready> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("the hub's output is not piped");
  let errors = "";
  stderr.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-20_000)));
  for await (const line of createInterface({ input: stdout })) {
    if (line.startsWith('{"ready":true')) return JSON.parse(line) as Ready;
  }
  throw new Error(`the hub ended before it was ready:\n${errors}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
  return child.exitCode;
}
