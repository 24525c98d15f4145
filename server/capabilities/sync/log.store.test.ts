import { defaultLimits } from "@foedus/kernel/sync/limits.ts";
import { soundRules } from "@foedus/kernel/sync/rules.ts";
import { afterEach } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { acceptLog } from "../../../tests/simulation/log.acceptance.ts";
import { openSyncLog } from "./log.store.ts";

const nowMs = 30_000_000 * 60_000;
const hub = "hub-1";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

acceptLog(async () => {
  const { url } = await cloneDatabase();
  const storage = await openTestStorage(url);
  open.push(() => storage.close());
  const options = { storage, incarnation: hub, rules: soundRules, limits: defaultLimits };
  const keep = (places: number) => ({ places, keepMs: undefined });
  const log = openSyncLog(options);
  return { log, hub, truncate: async (kept) => void (await log.truncate(keep(kept), nowMs)) };
});
