import type { Limits } from "@foedus/kernel/sync/limits.ts";
import { utcDay } from "@foedus/kernel/time.ts";
import type { Loop } from "../../runtime/capability.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { hourly } from "../../runtime/storage/upkeep.ts";
import { forgetWriters } from "./author.store.ts";
import type { SyncLog } from "./log.store.ts";
import { forgetMarks } from "./mark.store.ts";
import { addDays, dropDays, forgetLeases, forgetUnwritten } from "./retain.store.ts";

const dayMs = 86_400_000;

/**
 * Replicas that come back within a week go on from where they stand; later ones are sent it all.
 */
export const keepMs = 7 * dayMs;

/**
 * However old: of a log that grows slowly somebody who was away for long still gets but the end.
 */
export const keptPlaces = 10_000;

/** Keeps what sync holds within its bounds, now and every hour. */
export function retainLoop(storage: Storage, log: () => SyncLog, limits: Limits): Loop {
  let markDay = "";
  return hourly(storage, "sync.retain", async () => {
    const nowMs = storage.nowMs();
    await addDays(storage, nowMs);
    await log().truncate({ places: keptPlaces, keepMs }, nowMs);
    await dropDays(storage, keepMs, nowMs);
    await forgetLeases(storage, nowMs);
    await forgetUnwritten(storage);
    // This reads all cells of the streams it is about: once a day is enough.
    if (markDay === utcDay(nowMs)) return;
    await forgetMarks(storage, limits.dedupeMs, nowMs);
    await forgetWriters(storage, limits.dedupeMs, nowMs);
    markDay = utcDay(nowMs);
  });
}
