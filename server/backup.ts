import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { World } from "@foedus/kernel/world.ts";
import type { BackupCount } from "./runtime/backup/backup.ts";
import { backupHub } from "./runtime/backup/backup.ts";
import { restoreHub } from "./runtime/backup/restore.ts";
import { loadSettings } from "./runtime/config/settings.ts";
import type { ConfigSources } from "./runtime/config/sources.ts";
import { holdFolder } from "./runtime/folder.ts";
import { findBundled } from "./runtime/storage/bundled.find.ts";
import { startBundled } from "./runtime/storage/bundled.ts";

/** Which hub, which file, and the words that seal it. */
export interface BackupWish {
  /** The hub's flags, environment and file: they say where it keeps itself. */
  readonly sources: ConfigSources;
  readonly file: string;
  readonly passphrase: string;
  readonly world: World;
}

/**
 * Backs up the hub of a config, whether it runs or not.
 *
 * @throws Fault NOT_FOUND when there is none.
 */
export async function backup(wish: BackupWish): Promise<BackupCount> {
  const { file: out, passphrase, world } = wish;
  const { data, databaseUrl } = placeOf(wish.sources);
  if (!existsSync(join(data, "keys")))
    throw new Fault(Reason.NOT_FOUND, { object: `hub in ${data}` });
  const running = databaseUrl === "" ? findBundled(join(data, "postgres")) : databaseUrl;
  if (running !== undefined) return await backupHub({ data, url: running, out, passphrase, world });
  return await withBundled(data, (url) => backupHub({ data, url, out, passphrase, world }));
}

/**
 * Restores a hub to where a config says, which must be empty; then it can be started.
 *
 * @throws Fault DATA_FOLDER_HELD while a hub runs there.
 */
export async function restore(wish: BackupWish): Promise<BackupCount> {
  const { file: from, passphrase } = wish;
  const { data, databaseUrl } = placeOf(wish.sources);
  const into = (url: string) => restoreHub({ data, url, from, passphrase });
  if (databaseUrl === "") return await withBundled(data, into);
  const held = await holdFolder(data, "restore of a hub");
  try {
    return await into(databaseUrl);
  } finally {
    held.release();
  }
}

function placeOf(sources: ConfigSources): { readonly data: string; readonly databaseUrl: string } {
  const { data, databaseUrl } = loadSettings(sources).current();
  return { data: resolve(data), databaseUrl };
}

async function withBundled<T>(data: string, work: (url: string) => Promise<T>): Promise<T> {
  await using opened = new AsyncDisposableStack();
  const held = await holdFolder(data, "backup or restore of a hub");
  opened.defer(() => held.release());
  const server = await startBundled({ folder: join(data, "postgres"), log: () => undefined });
  opened.defer(() => server.stop());
  return await work(server.url);
}
