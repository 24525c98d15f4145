import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { Fault } from "@foedus/kernel/fault.ts";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";

type Holder = { pid: number; what: string; command: string; since: string };

const lockName = "held";
const holderName = "held-by.json";

/** SQLite's answers when another process has the lock. */
const sqliteBusy = 5;

/** A new holder writes who it is right after it locked: readers look again this often. */
const looksMax = 20;
const lookEveryMs = 25;

/**
 * Locks a data folder for this process. The operating system keeps the lock, by way of SQLite since
 * Node has no flock: it ends with its process, however that dies, and it holds across containers.
 */
export async function holdFolder(folder: string, what: string): Promise<{ release(): void }> {
  const lock = openLock(folder);
  try {
    lock.exec("PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    writeHolder(folder, what);
  } catch (error) {
    lock.close();
    throw isBusy(error) ? heldBy(folder, await readHolder(folder)) : unusable(folder, error);
  }
  return {
    release() {
      if (!lock.isOpen) return;
      rmSync(join(folder, holderName), { force: true });
      lock.close();
    },
  };
}

function openLock(folder: string): DatabaseSync {
  try {
    mkdirSync(folder, { recursive: true });
    return new DatabaseSync(join(folder, lockName), { timeout: 0 });
  } catch (error) {
    throw unusable(folder, error);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === sqliteBusy;
}

function writeHolder(folder: string, what: string): void {
  const command = process.argv.join(" ");
  const since = new Date().toISOString();
  const holder: Holder = { pid: process.pid, what, command, since };
  const aside = join(folder, `${holderName}.${process.pid}`);
  writeFileSync(aside, `${JSON.stringify(holder)}\n`);
  renameSync(aside, join(folder, holderName));
}

async function readHolder(folder: string): Promise<Holder | undefined> {
  for (let look = 0; look < looksMax; look += 1) {
    try {
      const holder = JSON.parse(readFileSync(join(folder, holderName), "utf8")) as Holder;
      if (isAlive(holder.pid)) return holder;
    } catch {
      // Not written yet.
    }
    await pause(lookEveryMs);
  }
  return undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function heldBy(folder: string, holder: Holder | undefined): Fault {
  return new Fault(Reason.DATA_FOLDER_HELD, {
    folder,
    what: holder?.what ?? "another process",
    pid: String(holder?.pid ?? "unknown, perhaps in another container"),
    command: holder?.command ?? "unknown",
    since: holder?.since ?? "unknown",
  });
}

function unusable(folder: string, cause: unknown): Fault {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new Fault(Reason.DATA_FOLDER_UNUSABLE, { folder, detail }, { cause });
}
