import { createReadStream, existsSync, readdirSync } from "node:fs";
import { createWriteStream, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { notEmpty, unreadable } from "./fault.ts";

/** What of the data folder belongs to a hub, and is not in its database. */
const kept = ["keys", "recovery"];
const pathShape = /^(keys|recovery)(\/[\w-][\w.-]*)+$/;
const folderMode = 0o700;
const fileMode = 0o600;

/** The hub's own files, relative to the data folder, with slashes. */
export function listFiles(folder: string): string[] {
  return kept
    .filter((name) => existsSync(join(folder, name)))
    .flatMap((name) => readdirSync(join(folder, name), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .toSorted();
}

/** The contents of a file, in parts. */
export async function* contentsOf(folder: string, path: string): AsyncGenerator<Uint8Array> {
  for await (const part of createReadStream(join(folder, path))) yield part as Buffer;
}

/** @throws Fault RESTORE_NOT_EMPTY when the data folder holds a hub's files already. */
export function refuseFiles(folder: string): void {
  const name = kept.find((each) => existsSync(join(folder, each)));
  if (name !== undefined) throw notEmpty(join(folder, name));
}

/** Files that are written aside, and stand in the data folder all at once, or not at all. */
export function stageFiles(folder: string, file: string) {
  const aside = join(folder, "restoring");
  rmSync(aside, { recursive: true, force: true });
  return {
    /** Writes one. @throws Fault BACKUP_UNREADABLE for a path outside of what is ours. */
    async write(path: string, contents: AsyncIterable<Uint8Array>): Promise<void> {
      if (!pathShape.test(path)) throw unreadable(file, `it names the file ${path}`);
      const target = join(aside, path);
      mkdirSync(dirname(target), { recursive: true, mode: folderMode });
      await pipeline(contents, createWriteStream(target, { mode: fileMode, flush: true }));
    },
    /** Lets them appear. */
    keep(): void {
      for (const name of kept) {
        if (existsSync(join(aside, name))) renameSync(join(aside, name), join(folder, name));
      }
    },
    [Symbol.dispose]: () => rmSync(aside, { recursive: true, force: true }),
  };
}
