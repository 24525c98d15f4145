import { utcDay } from "@foedus/kernel/time.ts";
import { sql } from "kysely";
import { isLockTimeout } from "../../runtime/storage/fault.ts";
import type { Storage } from "../../runtime/storage/storage.ts";

const dayMs = 86_400_000;
const daysAhead = 3;

/** Makes the partitions of today and the next days, of what ended and of what happened. */
export async function addTaskDays(storage: Storage): Promise<void> {
  const nowMs = storage.nowMs();
  for (let ahead = 0; ahead <= daysAhead; ahead++) {
    const day = utcDay(nowMs + ahead * dayMs);
    for (const log of ["task_done", "task_step"]) {
      await unlessHeld(async () => {
        await sql`select foedus_add_log_day(${log}, ${day}::date)`.execute(storage.sweeper);
      });
    }
  }
}

/** Drops days that are no longer kept; returns how many partitions went. */
export async function dropTaskDays(storage: Storage, keepDays: number): Promise<number> {
  const before = utcDay(storage.nowMs() - keepDays * dayMs);
  let dropped = 0;
  await unlessHeld(async () => {
    const { rows } = await sql<{ dropped: number }>`
      select foedus_drop_task_days(${before}::date) as dropped`.execute(storage.sweeper);
    dropped = rows[0]?.dropped ?? 0;
  });
  return dropped;
}

/**
 * Forgets lanes that nothing waits in and that the queue has gone past: they would begin there. So
 * would those of a queue that was forgotten.
 */
export async function forgetLanes(storage: Storage): Promise<number> {
  const result = await sql`delete from task_lane l where l.turn <= (
      select coalesce(max(c.turn), 'infinity') from task_count c
      where c.tenant_id = l.tenant_id and c.queue = l.queue
    )`.execute(storage.sweeper);
  return Number(result.numAffectedRows ?? 0n);
}

/** Somebody reads for long, e.g. a backup: the next turn does it. */
async function unlessHeld(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
  }
}
