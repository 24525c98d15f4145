import { spawn, type ChildProcess } from "node:child_process";
import {
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { clusterEnv } from "./bundled.cluster.ts";
import { cannotRun } from "./bundled.fault.ts";
import type { Place } from "./bundled.place.ts";
import { isAlive, isZombie, readPid, readPostmaster, servesCluster } from "./bundled.process.ts";

/** A running server: whether it was found running, and where it listens. */
export type Server = { pid: number; adopted: boolean; child?: ChildProcess; address: Address };

/** Either a folder with a socket in it or, where its path would be too long, the loopback. */
export type Address = { socketFolder: string; port: number };

/** What a server is started from. */
export type Start = { place: Place; native: string; cluster: string; address: Address };

/** Crash recovery reads the whole log; a server that is alive is given this long. */
const startMaxMs = 300_000;
/** How long processes of a dead server may keep its lock or its memory. */
const leftoversMaxMs = 30_000;
/** A dead server whose parent never asks how it died would block the next one for good. */
const zombieMaxMs = 2_000;
const lookEveryMs = 10;
const logBytesMax = 16 * 1024 * 1024;
/** The longest path a socket can have. */
const socketPathMax = 107;
const socketPort = 5432;
const socketName = `.s.PGSQL.${socketPort}`;
const connectionsMax = 300;

const leftovers = /lock file "[^"]*" already exists|pre-existing shared memory block/;
const portTaken = /could not bind IPv4 address|could not create any TCP\/IP sockets/;

/** Chooses where a new server will listen. */
export async function chooseAddress(place: Place): Promise<Address> {
  const socketFolder = join(place.root, "run");
  const fits = Buffer.byteLength(join(socketFolder, socketName)) <= socketPathMax;
  if (!fits || process.platform === "win32") return { socketFolder: "", port: await freePort() };
  mkdirSync(socketFolder, { recursive: true, mode: 0o700 });
  if (place.owner) chownSync(socketFolder, place.owner.uid, place.owner.gid);
  return { socketFolder, port: socketPort };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" ? (address?.port ?? 0) : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** Adopts the server that already runs on the cluster, or starts one. */
export async function bringUp(start: Start): Promise<Server> {
  const begunMs = performance.now();
  const elapsedMs = () => performance.now() - begunMs;
  let address = start.address;
  for (;;) {
    const found = readPostmaster(start.cluster);
    if (found && servesCluster(found.pid, start.cluster)) {
      const { pid, port, socketFolder } = found;
      if (found.isReady) return { pid, adopted: true, address: { socketFolder, port } };
      if (elapsedMs() > startMaxMs) throw cannotRun(`process ${pid} does not become ready`);
      await pause(lookEveryMs);
      continue;
    }
    forgetDead(start, elapsedMs());
    const outcome = await tryStart({ ...start, address });
    if (typeof outcome !== "string") return outcome;
    const passes = leftovers.test(outcome) || portTaken.test(outcome);
    if (!passes || elapsedMs() > leftoversMaxMs) throw cannotRun(outcome);
    if (portTaken.test(outcome)) address = { socketFolder: "", port: await freePort() };
    await pause(lookEveryMs * 10);
  }
}

/**
 * PostgreSQL takes a process that has a dead server's number for that server, and a zombie too. It
 * still checks by itself that nobody is attached to the cluster's memory.
 */
function forgetDead({ cluster, address }: Start, elapsedMs: number): void {
  const socketLock = join(address.socketFolder, `${socketName}.lock`);
  for (const file of [join(cluster, "postmaster.pid"), socketLock]) {
    const pid = readPid(file);
    if (pid === undefined || servesCluster(pid, cluster)) continue;
    const lingers = isZombie(pid) && elapsedMs > zombieMaxMs;
    if (isAlive(pid) || lingers) rmSync(file, { force: true });
  }
}

/** Returns the server, or what PostgreSQL wrote before it gave up. */
async function tryStart(start: Start): Promise<Server | string> {
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
  const log = openSync(logFile, "a", 0o600);
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

/** Stops a server: connections end at once, what was committed is on disk. */
export async function takeDown(server: Server): Promise<void> {
  server.child?.ref();
  const begunMs = performance.now();
  let signal: NodeJS.Signals = "SIGINT";
  kill(server.pid, signal);
  while (isAlive(server.pid)) {
    if (signal === "SIGINT" && performance.now() - begunMs > leftoversMaxMs) {
      signal = "SIGQUIT";
      kill(server.pid, signal);
    }
    await pause(lookEveryMs);
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}
