import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";

const ready = sql.raw(String(TaskState.SUBMITTED));

/** Whoever is behind so many need not know it to the last one. */
const beforeMax = 100_000;

/** How many ready tasks of some lines come before a turn, and how many of a higher priority. */
export async function countBefore(
  tx: TenantTx,
  lines: readonly string[],
  task: { readonly turn: number; readonly priority: number },
): Promise<{ readonly before: number; readonly byPriority: number }> {
  const { rows } = await sql<{ before: number; by_priority: number }>`
    select count(*)::float8 as before,
           count(*) filter (where a.priority > ${task.priority})::float8 as by_priority
    from (
      select t.priority from unnest(${lines}::uuid[]) as l (line)
      join task t on t.tenant_id = ${tx.tenant} and t.line = l.line and t.state = ${ready}
      where t.turn < ${task.turn} limit ${beforeMax}
    ) as a`.execute(tx.sql);
  const [row] = rows;
  return { before: row?.before ?? 0, byPriority: row?.by_priority ?? 0 };
}
