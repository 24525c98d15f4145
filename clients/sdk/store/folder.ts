import { chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { FoedusError } from "../error.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { hex } from "@foedus/kernel/bytes.ts";
import { holdFolder } from "./hold.ts";
import type { NodeStore } from "./store.ts";

const folderMode = 0o700;
const fileMode = 0o600;
const asideBytes = 6;

/** Keeps a node in a folder that only this user can read. */
export function folderStore(folder: string): NodeStore {
  const place = resolve(folder);
  return {
    place,
    read: (name) => wrapped(place, () => readText(join(place, name))),
    write: (name, text) => wrapped(place, () => writeText(place, name, text)),
    remove: (name) => wrapped(place, () => rm(join(place, name), { force: true })),
    async hold(what) {
      await wrapped(place, () => makeFolder(place));
      return holdFolder(place, what);
    },
  };
}

async function makeFolder(place: string): Promise<void> {
  const made = await mkdir(place, { recursive: true, mode: folderMode });
  if (made !== undefined) await chmod(place, folderMode);
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Written aside and renamed, both synced: a reader sees the old text or the new one. */
async function writeText(place: string, name: string, text: string): Promise<void> {
  await makeFolder(place);
  const aside = join(place, `.${name}.${hex(realWorld.random.bytes(asideBytes))}`);
  const file = await open(aside, "wx", fileMode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(aside, join(place, name));
  await syncFolder(place);
}

async function syncFolder(place: string): Promise<void> {
  // Windows opens no folders; there a rename is durable by itself.
  if (process.platform === "win32") return;
  const folder = await open(place, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function wrapped<T>(folder: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    const code = codeOf(cause);
    const detail = cause instanceof Error ? cause.message : String(cause);
    if (code === "ENOSPC" || code === "EDQUOT") {
      throw new FoedusError(Reason.DISK_FULL, { detail }, { cause });
    }
    throw new FoedusError(Reason.DATA_FOLDER_UNUSABLE, { folder, detail }, { cause });
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
