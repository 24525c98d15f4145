import { utcDay } from "@foedus/kernel/time.ts";
import { sql } from "kysely";
import { rethrowFault } from "../../runtime/storage/fault.ts";
import type { Storage } from "../../runtime/storage/storage.ts";

/** How much the database holds. */
export interface Held {
  readonly databaseBytes: number;
  /** How many days ago the oldest kept day of each log was. */
  readonly eventDays: number;
  readonly outboxDays: number;
}

/** Asks the database; its size is counted file by file, so not at every call of a busy page. */
export async function readHeld(storage: Storage): Promise<Held> {
  const today = utcDay(storage.nowMs());
  const { rows } = await sql<HeldRow>`
    select pg_database_size(current_database()) as bytes,
           coalesce(${today}::date - ${oldestDay("event_log")}, 0) as event_days,
           coalesce(${today}::date - ${oldestDay("outbox_log")}, 0) as outbox_days`
    .execute(storage.sweeper)
    .catch(rethrowFault);
  const [row] = rows;
  return {
    databaseBytes: Number(row?.bytes ?? 0n),
    eventDays: Math.max(0, row?.event_days ?? 0),
    outboxDays: Math.max(0, row?.outbox_days ?? 0),
  };
}

/** Logs lie in partitions by day, whose names end in it. */
function oldestDay(log: "event_log" | "outbox_log") {
  return sql`(select to_date(min(right(c.relname, 8)), 'YYYYMMDD') from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    where i.inhparent = ${log}::regclass and c.relname ~ '_log_[0-9]{8}$')`;
}

interface HeldRow {
  bytes: bigint;
  event_days: number;
  outbox_days: number;
}
