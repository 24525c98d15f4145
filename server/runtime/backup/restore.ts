import { createReadStream, existsSync } from "node:fs";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { loadDatabase, type Loading } from "../storage/load.ts";
import { migrationNames } from "../storage/breaking.ts";
import { migrate } from "../storage/migrate.ts";
import type { BackupCount } from "./backup.ts";
import { fileFault, notEmpty, unreadable } from "./fault.ts";
import { refuseFiles, stageFiles } from "./files.ts";
import { Records } from "./records.ts";
import { unseal } from "./seal.ts";

/** What to restore, and where to. */
export interface RestoreOptions {
  /** A data folder without keys. */
  readonly data: string;
  /** An empty database. */
  readonly url: string;
  /** What `backupHub` wrote. */
  readonly from: string;
  readonly passphrase: string;
}

/**
 * Makes the hub of a backup again, and brings its database to this program's schema. The hub it was
 * made of must not run any more: both would hold the same keys.
 *
 * @throws Fault BACKUP_UNREADABLE, BACKUP_TOO_NEW or RESTORE_NOT_EMPTY; nothing was changed then.
 */
export async function restoreHub(options: RestoreOptions): Promise<BackupCount> {
  const { data, url, from, passphrase } = options;
  refuseFiles(data);
  if (!existsSync(from)) throw unreadable(from, "there is no such file");
  const sealed = createReadStream(from) as AsyncIterable<Uint8Array>;
  const records = new Records(unseal(sealed, passphrase, from), from);
  try {
    const { migration, version } = await records.demand("start");
    if (!migrationNames().includes(migration)) {
      throw new Fault(Reason.BACKUP_TOO_NEW, { file: from, version });
    }
    using files = stageFiles(data, from);
    const count = await loadDatabase(url, migration, notEmpty, async (loading) => {
      const loaded = await load(records, loading, files);
      await compare(records, loaded, from);
      return loaded;
    });
    files.keep();
    await migrate(url);
    return count;
  } catch (error) {
    throw fileFault(error, data);
  }
}

async function load(
  records: Records,
  loading: Loading,
  files: Pick<ReturnType<typeof stageFiles>, "write">,
): Promise<BackupCount> {
  const count: BackupCount = { tables: 0, rows: 0, files: 0 };
  for await (const table of records.run("table")) {
    count.rows += await loading.table(table, records.run("rows"));
    count.tables += 1;
  }
  for await (const { path } of records.run("file")) {
    await files.write(path, records.run("contents"));
    count.files += 1;
  }
  return count;
}

async function compare(records: Records, loaded: BackupCount, from: string): Promise<void> {
  const { tables, rows, files } = await records.demand("end");
  await records.close();
  const isWhole =
    tables === loaded.tables && Number(rows) === loaded.rows && files === loaded.files;
  if (!isWhole) throw unreadable(from, "it holds less than it says");
}
