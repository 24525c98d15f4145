import { defaultLimits } from "@foedus/kernel/sync/limits.ts";
import { MemoryLog } from "@foedus/kernel/sync/memory.ts";
import { soundRules } from "@foedus/kernel/sync/rules.ts";
import { acceptLog } from "./log.acceptance.ts";

const nowMs = 30_000_000 * 60_000;

acceptLog(() => {
  const log = new MemoryLog("hub-1", soundRules, defaultLimits);
  return { log, hub: "hub-1", truncate: (kept) => log.truncate(kept, nowMs) };
});
