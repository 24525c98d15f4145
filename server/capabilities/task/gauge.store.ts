import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { sql } from "kysely";
import type { Storage } from "../../runtime/storage/storage.ts";

const ready = sql.raw(String(TaskState.SUBMITTED));
const failed = sql.raw(String(TaskState.FAILED));

/** Lines that are looked at for what waits longest. */
const linesMax = 10_000;

/** How tasks of all tenants stand. */
export interface Totals {
  readonly ready: number;
  readonly scheduled: number;
  readonly blocked: number;
  readonly working: number;
  /** Since when the oldest one waits whose turn is next; null when nothing is ready. */
  readonly oldestMs: number | null;
}

/** Sums up the counts of all queues. */
export async function totalsOf(storage: Storage): Promise<Totals> {
  const { rows } = await sql<Totals>`/*task.totals*/
    select coalesce(sum(c.ready), 0)::float8 as ready,
           coalesce(sum(c.scheduled), 0)::float8 as scheduled,
           coalesce(sum(c.blocked), 0)::float8 as blocked,
           coalesce(sum(c.working), 0)::float8 as working,
           (select min(h.ready_ms)::float8 from (
              select l.tenant_id, l.id from task_line l limit ${linesMax}
            ) as l cross join lateral (
              select t.ready_ms from task t where t.tenant_id = l.tenant_id and t.line = l.id
                and t.state = ${ready} order by t.turn limit 1
            ) as h) as "oldestMs"
    from task_count c`.execute(storage.sweeper);
  return rows[0] ?? { ready: 0, scheduled: 0, blocked: 0, working: 0, oldestMs: null };
}

/** How many dead letters there are, of all tenants. */
export async function countDead(storage: Storage): Promise<number> {
  const { rows } = await sql<{ count: number }>`/*task.dead*/
    select count(*)::float8 as count from task_done_log d
    where d.state = ${failed}`.execute(storage.sweeper);
  return rows[0]?.count ?? 0;
}
