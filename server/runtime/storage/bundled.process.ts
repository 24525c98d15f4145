import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a postmaster says of itself in its data folder. */
export type Postmaster = {
  pid: number;
  port: number;
  /** Empty where it listens on an address instead. */
  socketFolder: string;
  isReady: boolean;
};

/** Reads postmaster.pid; undefined when there is none, or a half-written one. */
export function readPostmaster(cluster: string): Postmaster | undefined {
  const file = join(cluster, "postmaster.pid");
  const pid = readPid(file);
  const lines = readLines(file).map((line) => line.trim());
  const [, , , port, socketFolder = "", , , status = ""] = lines;
  if (pid === undefined) return undefined;
  return { pid, port: Number(port), socketFolder, isReady: status === "ready" };
}

/** The process a lock file of PostgreSQL names in its first line. */
export function readPid(file: string): number | undefined {
  const pid = Number(readLines(file)[0]);
  return pid > 0 ? pid : undefined;
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
}

/** Whether the process runs; one that died unreaped still has its number, and does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  return !isZombie(pid);
}

/** Whether the process died and its parent has not asked how. */
export function isZombie(pid: number): boolean {
  const [stat = ""] = readLines(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z");
}

/**
 * Whether the process is the postmaster of this very cluster, not one that inherited its number.
 * Its command line tells even where root may not look at another user's process any closer.
 */
export function servesCluster(pid: number, cluster: string): boolean {
  return isAlive(pid) && commandOf(pid).includes(` -D ${cluster} `);
}

function commandOf(pid: number): string {
  if (process.platform === "linux")
    return readLines(`/proc/${pid}/cmdline`).join().replaceAll("\0", " ");
  return spawnSync("ps", ["-ww", "-p", String(pid), "-o", "args="], { encoding: "utf8" }).stdout;
}
