import { woken } from "@foedus/kernel/task/wake.ts";
import { sql } from "kysely";
import type { Storage } from "../../runtime/storage/storage.ts";
import { storedOf, type TaskRow } from "./row.store.ts";
import { Changes, type Saved } from "./save.store.ts";

/** What one turn of the loop did. */
export interface Woken extends Saved {
  /** How many tasks it looked at: the loop goes on at once while it is the limit. */
  readonly count: number;
}

/**
 * Looks at tasks of all tenants whose time has come: delayed ones are ready, lapsed holds are taken
 * back, and what is too late ends. Rows that somebody works on are left for the next turn.
 */
export async function wakeTasks(storage: Storage, limit: number): Promise<Woken> {
  return await storage.sweep(async (tx) => {
    const { rows } = await sql<TaskRow>`/*task.wake*/ select t.* from task t
      where t.wake_ms <= ${tx.nowMs} order by t.wake_ms limit ${limit}
      for update skip locked`.execute(tx.sql);
    const changes = new Changes();
    for (const stored of rows.map(storedOf)) {
      const { live } = stored;
      // Nothing due after all: writing it as it is puts the time right.
      changes.move(stored, woken(live, tx.nowMs) ?? { next: live.standing, steps: [] });
    }
    return { ...(await changes.save(tx)), count: rows.length };
  });
}
