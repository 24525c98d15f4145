import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { storedOf, type DoneRow, type Stored } from "./row.store.ts";

/** A task that ended, locked so that of several who take it out one does. */
export async function lockEnded(tx: TenantTx, id: string): Promise<Stored | undefined> {
  const { rows } = await sql<DoneRow>`/*task.lock_ended*/ select d.* from task_done_log d
    where d.tenant_id = ${tx.tenant} and d.id = ${id} for update`.execute(tx.sql);
  return rows[0] && storedOf(rows[0]);
}
