import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { readPostmaster } from "../../server/runtime/storage/bundled.process.ts";
import { startBundled, type Bundled } from "../../server/runtime/storage/bundled.ts";
import { makeDataFolder } from "./folder.ts";
import { runScript, type RunOptions, type Script } from "./script.ts";

const module = new URL("../../server/runtime/storage/bundled.ts", import.meta.url);

/** A hub's process as far as PostgreSQL sees it: starts it, says so, and lives on. */
const hub = `
  const { startBundled } = await import("${module.href}");
  try {
    const server = await startBundled({ folder: process.argv[1], log: () => {} });
    console.log("up " + JSON.stringify(server));
  } catch (error) {
    console.log("failed " + error.message);
  }
  process.stdin.resume();
`;

/** Runs such a process on the folder; `first` runs in it before anything is imported. */
export function runHub(folder: string, options: RunOptions & { first?: string } = {}): Script {
  const { first, ...others } = options;
  return runScript(`${first ?? ""}\n${hub}`, { ...others, args: [folder] });
}

/** Rows of one statement, over a connection of its own. */
export async function rowsOf(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** A data folder of one test, with the servers that were started on it. */
export function testFolder() {
  const path = makeDataFolder("bundled");
  const logged: string[] = [];
  const servers: Bundled[] = [];
  const cluster = join(path, "postgres", "data");

  async function start(folder = path): Promise<Bundled> {
    const server = await startBundled({ folder, log: (line) => logged.push(line) });
    servers.push(server);
    return server;
  }

  /** What a killed process left running is adopted once more, and stopped. */
  async function remove(): Promise<void> {
    if (existsSync(join(cluster, "postmaster.pid"))) await start().catch(() => undefined);
    for (const server of servers) await server.stop();
    rmSync(path, { recursive: true, force: true });
  }

  /** Of the server that runs now; there must be one. */
  function postmaster(): number {
    const pid = readPostmaster(cluster)?.pid;
    if (pid === undefined) throw new Error(`no server runs on ${cluster}`);
    return pid;
  }

  return { path, cluster, logged, start, remove, postmaster };
}
