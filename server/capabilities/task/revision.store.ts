import { sql } from "kysely";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { TaskKey } from "./lock.store.ts";

/** The revisions of tasks that live or ended, by `tenant/id`. */
export async function revisionsOf(
  storage: Storage,
  keys: readonly TaskKey[],
): Promise<Map<string, number>> {
  const { rows } = await sql<{ tenant_id: string; id: string; revision: bigint }>`/*task.revision*/
    with k as (
      select * from unnest(${keys.map(({ tenant }) => tenant)}::text[],
        ${keys.map(({ id }) => id)}::text[]) as k (tenant_id, id)
    )
    select t.tenant_id, t.id, t.revision from k
      join task t on t.tenant_id = k.tenant_id and t.id = k.id
    union all
    select d.tenant_id, d.id, d.revision from k
      join task_done_log d on d.tenant_id = k.tenant_id and d.id = k.id`.execute(storage.sweeper);
  return new Map(rows.map((row) => [`${row.tenant_id}/${row.id}`, Number(row.revision)]));
}
