import type { World } from "@foedus/kernel/world.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import type { Log } from "../../server/runtime/log.ts";
import { openStorage } from "../../server/runtime/storage/open.ts";
import type { Storage } from "../../server/runtime/storage/storage.ts";

/** A log that keeps nothing. */
export const silentLog: Log = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  with: () => silentLog,
};

/** A database of a test, opened as a hub opens it; closed at the end of the block. */
export async function openTestStorage(
  url: string,
  options: { readonly world?: World; readonly connectionsMax?: number } = {},
): Promise<Storage & AsyncDisposable> {
  const { world = realWorld, connectionsMax = 4 } = options;
  const storage = await openStorage({ url, world, log: silentLog, connectionsMax });
  return { ...storage, [Symbol.asyncDispose]: async () => await storage.close() };
}
