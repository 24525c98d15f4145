import { utcDay } from "@foedus/kernel/time.ts";
import { sql } from "kysely";
import { isLockTimeout } from "./fault.ts";
import type { LogName } from "./log.ts";
import type { Storage } from "./storage.ts";

const dayMs = 86_400_000;
const daysAhead = 3;

/**
 * Makes the partitions of today and the next days, and drops those older than `keepDays`, whose
 * entries are told as gaps from then on. Returns how many were dropped; none while somebody reads
 * the log for long, e.g. a backup: the next turn drops them.
 */
export async function turnDays(storage: Storage, log: LogName, keepDays: number): Promise<number> {
  try {
    return await turn(storage, log, keepDays);
  } catch (error) {
    if (isLockTimeout(error)) return 0;
    throw error;
  }
}

async function turn(storage: Storage, log: LogName, keepDays: number): Promise<number> {
  const nowMs = storage.nowMs();
  for (let ahead = 0; ahead <= daysAhead; ahead++) {
    const day = utcDay(nowMs + ahead * dayMs);
    await sql`select foedus_add_log_day(${log}, ${day}::date)`.execute(storage.sweeper);
  }
  const before = utcDay(nowMs - keepDays * dayMs);
  const result = await sql<{ dropped: number }>`
    select foedus_drop_log_days(${log}, ${before}::date) as dropped`.execute(storage.sweeper);
  return result.rows[0]?.dropped ?? 0;
}
