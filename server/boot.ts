import { join, resolve } from "node:path";
import type { World } from "@foedus/kernel/world.ts";
import { capabilities as all } from "./capabilities.ts";
import { storageAudit } from "./runtime/audit.storage.ts";
import type { Capability } from "./runtime/capability.ts";
import type { Settings } from "./runtime/config/settings.ts";
import { holdFolder } from "./runtime/folder.ts";
import type { RunningHub } from "./runtime/hub.ts";
import { startHub } from "./runtime/hub.ts";
import { openIdentity } from "./runtime/identity.ts";
import type { Lag } from "./runtime/lag.ts";
import type { LeveledLog } from "./runtime/log.pino.ts";
import { startBundled } from "./runtime/storage/bundled.ts";
import { appliedMigrations, migrate } from "./runtime/storage/migrate.ts";
import { openStorage } from "./runtime/storage/open.ts";
import { checkWalls } from "./runtime/storage/walls.ts";
import { version } from "./runtime/version.ts";
import { uplink } from "./uplink/uplink.ts";

/** What a hub is booted with. */
export interface BootOptions {
  readonly settings: Settings;
  readonly world: World;
  readonly log: LeveledLog;
  /** All there are, unless a test asks for others. */
  readonly capabilities?: readonly Capability[];
  /** How late its process is; measured, unless a test does other things in the same process. */
  readonly lag?: Lag;
}

/**
 * From config and world to a running hub: hold the folder, know who we are, open the database,
 * start the capabilities, open the doors. What was opened is closed again, last first, at the end
 * or when a later step fails.
 */
export async function boot(options: BootOptions): Promise<RunningHub> {
  const { settings, world, log, lag, capabilities: own = all } = options;
  const config = settings.current();
  const capabilities = config.parent === "" ? own : [...own, uplink];
  const folder = resolve(config.data);
  await using opened = new AsyncDisposableStack();
  const held = await holdFolder(folder, "hub");
  opened.defer(() => held.release());
  const identity = openIdentity(join(folder, "keys"), config.trustDomain, world);
  const database = config.databaseUrl === "" ? "bundled" : "external";
  const url = database === "external" ? config.databaseUrl : await bundled(folder, log, opened);
  await migrate(url);
  const storage = await openStorage({ url, world, log });
  opened.defer(() => storage.close());
  await checkWalls(storage);
  const audit = storageAudit(storage, world, log);
  opened.defer(() => audit.stop());
  const known = { settings, identity, storage, audit, world, log, lag, capabilities, version };
  const hub = await startHub({
    ...known,
    database,
    migrationsApplied: () => appliedMigrations(url),
  });
  opened.defer(() => hub.stop());
  const keep = opened.move();
  return { ...hub, stop: () => keep.disposeAsync() };
}

async function bundled(
  data: string,
  log: LeveledLog,
  opened: AsyncDisposableStack,
): Promise<string> {
  const folder = join(data, "postgres");
  const server = await startBundled({ folder, log: (line) => log.info("postgres", { line }) });
  opened.defer(() => server.stop());
  return server.url;
}
