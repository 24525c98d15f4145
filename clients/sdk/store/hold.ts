import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { utcText } from "@foedus/kernel/time.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { FoedusError } from "../error.ts";
import { readObject } from "../json.ts";

const lockName = "held";
const holderName = "held-by.json";

/** SQLite's answer when another process has the lock. */
const sqliteBusy = 5;

/** A new holder writes who it is right after it locked: others look again this often. */
const looksMax = 20;
const lookEveryMs = 25;

/**
 * Locks a node's folder for this process. The operating system keeps the lock, by way of SQLite
 * since Node has no flock: it ends with its process, however that dies.
 */
export async function holdFolder(folder: string, what: string): Promise<{ release(): void }> {
  const lock = openLock(folder);
  try {
    lock.exec("PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    if (cause instanceof Error && "errcode" in cause && cause.errcode === sqliteBusy) {
      throw new FoedusError(Reason.DATA_FOLDER_HELD, { folder, ...(await holderOf(folder)) });
    }
    throw unusable(folder, cause);
  }
  writeHolder(folder, what);
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
    return new DatabaseSync(join(folder, lockName), { timeout: 0 });
  } catch (cause) {
    throw unusable(folder, cause);
  }
}

function writeHolder(folder: string, what: string): void {
  const aside = join(folder, `${holderName}.${process.pid}`);
  const since = utcText(realWorld.clock.now());
  writeFileSync(aside, JSON.stringify({ pid: process.pid, command: what, since }), { mode: 0o600 });
  renameSync(aside, join(folder, holderName));
}

async function holderOf(folder: string): Promise<Record<string, string>> {
  for (let look = 0; look < looksMax; look += 1) {
    try {
      const { pid, command, since } = readObject(readFileSync(join(folder, holderName), "utf8"));
      return { pid: String(pid), command: String(command), since: String(since) };
    } catch {
      await realWorld.timers.sleep(lookEveryMs);
    }
  }
  return { pid: "unknown", command: "unknown", since: "unknown" };
}

function unusable(folder: string, cause: unknown): FoedusError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new FoedusError(Reason.DATA_FOLDER_UNUSABLE, { folder, detail }, { cause });
}
