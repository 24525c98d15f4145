import { closeSync, mkdirSync, openSync, renameSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { FoedusError } from "../error.ts";
import { saveInto } from "./disk.file.rows.store.ts";
import { loadFrom } from "./disk.file.load.store.ts";
import type { Loaded, Save, SyncDisk } from "./disk.ts";
import { Turns } from "./turns.ts";

/** Written into the file; a program that knows less does not touch it. */
const version = 1;
/** Tells a file of ours from any other database: "FOED". */
const applicationId = 0x464f4544;
const fileMode = 0o600;
const folderMode = 0o700;

/** What SQLite answers: another has the lock, and two ways to be no database. */
const [busy, corrupt, notADatabase] = [5, 11, 26];

const renew = "update own set value = ? where name = 'replica'";

const schema = `
  create table own (name text primary key, value text not null) strict;
  create table head (
    key text primary key, stream blob not null, epoch text, seq integer not null,
    vector text not null, ctr integer not null, hlc_ms real not null,
    acked_ctr integer not null, settled_ctr integer not null
  ) strict;
  create table cell (
    key text, name text, bytes blob not null, primary key (key, name)
  ) strict, without rowid;
  create table mark (
    key text, replica text, bytes blob not null, primary key (key, replica)
  ) strict, without rowid;
  create table op (
    key text, replica text, ctr integer, bytes blob not null, segment blob,
    primary key (key, replica, ctr)
  ) strict, without rowid;
  create table quarantine (
    key text, replica text, ctr integer, refusal integer not null, taken integer not null,
    bytes blob not null, primary key (key, replica, ctr)
  ) strict, without rowid;
`;

/** Keeps collections in one SQLite file, which one process has at a time. */
export function fileDisk(path: string): SyncDisk {
  const file = resolve(path);
  let open: DatabaseSync | undefined;
  return {
    place: file,
    async load(fresh) {
      const database = openFile(file);
      try {
        const loaded = await prepared(file, database, fresh);
        open = database;
        return loaded;
      } catch (error) {
        database.close();
        throw isDamage(error) ? putAside(file, error) : error;
      }
    },
    async save(saves, replica) {
      if (open === undefined) throw new FoedusError(Reason.SYNC_CLOSED);
      saveAll(file, open, saves, replica);
    },
    async close() {
      open?.close();
      open = undefined;
    },
  };
}

function openFile(file: string): DatabaseSync {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: folderMode });
    // Only this user may read it, and what SQLite puts beside it.
    closeSync(openSync(file, "a", fileMode));
    return new DatabaseSync(file, { timeout: 0 });
  } catch (cause) {
    const detail = detailOf(cause);
    throw new FoedusError(Reason.FILE_UNUSABLE, { file, done: "opened", detail }, { cause });
  }
}

/** Locks it, brings it to this version, and reads all of it: what is damaged shows now. */
async function prepared(file: string, database: DatabaseSync, fresh: string): Promise<Loaded> {
  try {
    // In this mode the lock is kept, and ends with the process, however that dies.
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL");
    // A commit is on the disk, not on its way there.
    database.exec("PRAGMA synchronous = FULL; BEGIN IMMEDIATE");
  } catch (cause) {
    if (codeOf(cause) !== busy) throw cause;
    throw new FoedusError(Reason.SYNC_FILE_HELD, { file }, { cause });
  }
  const found = Number(database.prepare("PRAGMA user_version").get()?.user_version);
  const owner = Number(database.prepare("PRAGMA application_id").get()?.application_id);
  const tables = Number(database.prepare("select count(*) as n from sqlite_schema").get()?.n);
  if (tables > 0 && owner !== applicationId) {
    const detail = "it is the database of another program";
    throw new FoedusError(Reason.FILE_UNUSABLE, { file, done: "read as collections", detail });
  }
  if (found > version) {
    throw new FoedusError(Reason.SYNC_FILE_NEWER, { file, version: found, known: version });
  }
  if (tables === 0) {
    database.exec(schema);
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${version}`);
  }
  const loaded = await loadFrom(database, fresh, new Turns(realWorld));
  database.exec("COMMIT");
  return loaded;
}

function saveAll(
  file: string,
  database: DatabaseSync,
  saves: readonly Save[],
  replica: string | undefined,
): void {
  try {
    database.exec("BEGIN IMMEDIATE");
    if (replica !== undefined) database.prepare(renew).run(replica);
    saveInto(database, saves);
    database.exec("COMMIT");
  } catch (cause) {
    undo(database);
    throw new FoedusError(Reason.SYNC_DISK_FAILED, { file, detail: detailOf(cause) }, { cause });
  }
}

/** Closing it would do the same: what cannot even be undone is no news. */
function undo(database: DatabaseSync): void {
  try {
    if (database.isTransaction) database.exec("ROLLBACK");
  } catch {
    // The failure that led here is told.
  }
}

/** Not deleted: what had not reached a hub is in there, and nowhere else. */
function putAside(file: string, cause: unknown): FoedusError {
  const aside = `${file}.damaged-${realWorld.clock.now()}`;
  for (const end of ["", "-wal", "-shm"]) {
    try {
      renameSync(file + end, aside + end);
    } catch (error) {
      if (end === "") throw error;
    }
  }
  const detail = detailOf(cause);
  return new FoedusError(Reason.SYNC_FILE_DAMAGED, { file, detail, aside }, { cause });
}

/** Whatever is not one of our own refusals came of bytes that are not what they should be. */
function isDamage(error: unknown): boolean {
  if (error instanceof FoedusError) return false;
  const code = codeOf(error);
  return code === undefined || code === corrupt || code === notADatabase;
}

const primaryCodes = 256;

function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return Number(error.errcode) % primaryCodes;
}

function detailOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
