import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Address } from "./bundled.address.ts";
import { clusterEnv } from "./bundled.cluster.ts";
import type { Place } from "./bundled.place.ts";
import { readPostmaster } from "./bundled.process.ts";

/** A running server: whether it was found running, and where it listens. */
export type Server = { pid: number; adopted: boolean; child?: ChildProcess; address: Address };

/** What a server is started from. */
export type Start = { place: Place; native: string; cluster: string; address: Address };

/** Crash recovery reads the whole log; a server that is alive is given this long. */
export const startMaxMs = 300_000;
/** How often the server's own account of itself is read. */
export const lookEveryMs = 10;
const logBytesMax = 16 * 1024 * 1024;
const logMode = 0o600;
const connectionsMax = 300;

/** Returns the server, or what PostgreSQL wrote before it gave up. */
export async function tryStart(start: Start): Promise<Server | string> {
  const logFile = join(start.place.root, "postgres.log");
  const logStart = rotate(logFile);
  const child = spawnServer(start, logFile);
  let ended: string | undefined;
  child.once("error", (error) => (ended = error.message));
  child.once("exit", (code, signal) => (ended ??= `PostgreSQL ended with ${signal ?? code}`));
  const begunMs = performance.now();
  while (ended === undefined) {
    const found = readPostmaster(start.cluster);
    if (found?.isReady && found.pid === child.pid) {
      child.unref();
      return { pid: found.pid, adopted: false, child, address: start.address };
    }
    if (performance.now() - begunMs > startMaxMs) {
      child.kill("SIGQUIT");
      return `PostgreSQL was not ready after ${startMaxMs / 1000} s; see ${logFile}`;
    }
    await pause(lookEveryMs);
  }
  const wrote = readFileSync(logFile).subarray(logStart).toString("utf8").trim();
  return `${ended}${wrote ? `: ${wrote}` : ""}`;
}

function spawnServer(start: Start, logFile: string): ChildProcess {
  const { place, native, cluster, address } = start;
  const settings = [
    `listen_addresses=${address.socketFolder ? "" : "127.0.0.1"}`,
    `unix_socket_directories=${address.socketFolder}`,
    `port=${address.port}`,
    `max_connections=${connectionsMax}`,
    "timezone=UTC",
    "log_timezone=UTC",
  ];
  const args = ["-D", cluster, ...settings.flatMap((setting) => ["-c", setting])];
  const log = openSync(logFile, "a", logMode);
  try {
    const options = { ...place.owner, cwd: "/", env: clusterEnv, detached: true };
    const stdio = ["ignore" as const, log, log];
    return spawn(join(native, "bin/postgres"), args, { ...options, stdio });
  } finally {
    closeSync(log);
  }
}

/** Keeps one older log, and returns where this start's own lines will begin. */
function rotate(logFile: string): number {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= logBytesMax) return size;
  renameSync(logFile, `${logFile}.1`);
  return 0;
}
