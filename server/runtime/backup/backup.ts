import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { World } from "@foedus/kernel/world.ts";
import { openSnapshot, type Snapshot } from "../storage/dump.ts";
import { noteBackup } from "../storage/facts.ts";
import { version } from "../version.ts";
import { fileFault } from "./fault.ts";
import { contentsOf, listFiles } from "./files.ts";
import { encode, type Piece } from "./records.ts";
import { seal } from "./seal.ts";

/** What to back up, and where to. */
export interface BackupOptions {
  /** The data folder, whose keys and sealed root go along. */
  readonly data: string;
  readonly url: string;
  /** The file to write; one that is there is replaced once the new one is whole. */
  readonly out: string;
  readonly passphrase: string;
  readonly world: World;
}

/** How much a backup holds. */
export interface BackupCount {
  tables: number;
  rows: number;
  files: number;
}

/**
 * Writes everything a hub is made of into one sealed file: the database as of one moment, its keys
 * and its CA. The hub may run meanwhile. Whoever has file and passphrase can be this hub.
 *
 * @throws Fault DATABASE_UNREACHABLE or DISK_FULL; no file is left then.
 */
export async function backupHub(options: BackupOptions): Promise<BackupCount> {
  const { out, passphrase, world } = options;
  const aside = `${out}.partial`;
  const count: BackupCount = { tables: 0, rows: 0, files: 0 };
  const snapshot = await openSnapshot(options.url);
  try {
    const plain = encode(piecesOf(snapshot, options, count));
    await write(aside, seal(plain, passphrase, world.random));
    await rename(aside, out);
    await sync(dirname(out));
    // The backup is whole, whether or not the hub can be told of it.
    await noteBackup(options.url, world.clock.now()).catch(() => undefined);
    return count;
  } catch (error) {
    throw fileFault(error, dirname(out));
  } finally {
    await snapshot.close();
    await rm(aside, { force: true });
  }
}

async function* piecesOf(
  snapshot: Snapshot,
  { data, world }: BackupOptions,
  count: BackupCount,
): AsyncGenerator<Piece> {
  const timeMs = BigInt(world.clock.now());
  yield { case: "start", value: { version, migration: snapshot.migration, timeMs } };
  for (const table of snapshot.tables) {
    const { name, columns, days } = table;
    yield { case: "table", value: { name, columns: [...columns], days: [...days] } };
    const rows = snapshot.rows(table);
    let part = await rows.next();
    for (; !part.done; part = await rows.next()) yield { case: "rows", value: part.value };
    count.tables += 1;
    count.rows += part.value;
  }
  for (const path of listFiles(data)) {
    yield { case: "file", value: { path } };
    for await (const part of contentsOf(data, path)) yield { case: "contents", value: part };
    count.files += 1;
  }
  yield { case: "end", value: { ...count, rows: BigInt(count.rows) } };
}

async function write(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    for await (const part of bytes) await file.write(part);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder);
  await handle.sync();
  await handle.close();
}
