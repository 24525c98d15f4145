import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";

const ready = sql.raw(String(TaskState.SUBMITTED));
const failed = sql.raw(String(TaskState.FAILED));

/** What is asked of the rows of a queue, beside its counts. */
export interface Figures {
  readonly queue: string;
  readonly failed: number;
  /** Since when the oldest of those waits whose turns are next. */
  readonly oldestMs: number | undefined;
}

/** Of each line so many are looked at for the oldest one. */
const headsMax = 50;

/** Dead letters, and how long something waits, of queues by name. */
export async function figuresOf(tx: TenantTx, names: readonly string[]): Promise<Figures[]> {
  const { rows } = await sql<{ queue: string; failed: number; oldest: number | null }>`
    select k.queue,
      (select count(*)::float8 from task_done_log d where d.tenant_id = ${tx.tenant}
        and d.queue = k.queue and d.state = ${failed}) as failed,
      (select min(h.ready_ms)::float8 from task_line l cross join lateral (
          select t.ready_ms from task t where t.tenant_id = ${tx.tenant} and t.line = l.id
            and t.state = ${ready} order by t.turn limit ${headsMax}
        ) as h where l.tenant_id = ${tx.tenant} and l.queue = k.queue) as oldest
    from unnest(${names}::text[]) as k (queue)`.execute(tx.sql);
  return rows.map(({ oldest, ...rest }) => ({ ...rest, oldestMs: oldest ?? undefined }));
}

/** What waits in a queue under one priority and one fairness key. */
export interface Share {
  readonly priority: number;
  readonly key: string;
  readonly ready: number;
  readonly oldestMs: number;
}

/** More than these are not looked at: they are enough to see who waits. */
const sharedMax = 100_000;

/** What waits, by priority and fairness key. */
export async function sharesOf(tx: TenantTx, queue: string): Promise<Share[]> {
  const { rows } = await sql<Share>`
    select a.priority, a.fairness_key as key, count(*)::float8 as ready,
           min(a.ready_ms)::float8 as "oldestMs"
    from (
      select t.priority, t.fairness_key, t.ready_ms from task_line l
      join task t on t.tenant_id = l.tenant_id and t.line = l.id and t.state = ${ready}
      where l.tenant_id = ${tx.tenant} and l.queue = ${queue} limit ${sharedMax}
    ) as a group by 1, 2`.execute(tx.sql);
  return rows;
}

/** How much went through a queue since ever. */
export interface Flow {
  readonly tenant: TenantId;
  readonly queue: string;
  readonly submitted: number;
  readonly completed: number;
}

interface FlowRow extends Flow {
  readonly mark: string;
}

/**
 * Of queues of all tenants those that changed since a mark, or all; and the mark to say next time:
 * no transaction before it was under way, so whatever it did not see comes then.
 */
export async function flowsOf(
  storage: Storage,
  since: string | undefined,
): Promise<{ readonly flows: readonly Flow[]; readonly mark: string }> {
  const mark = sql`${since ?? null}::xid8`;
  const { rows } = await sql<FlowRow | { mark: string; tenant: null }>`/*task.flows*/
    with changed as (
      select distinct c.tenant_id, c.queue from task_count c
      where ${mark} is null or age(c.xmin) <= age(${mark}::xid)
    )
    select m.mark, f.* from (select pg_snapshot_xmin(pg_current_snapshot())::text as mark) as m
    left join (
      select c.tenant_id as tenant, c.queue, sum(c.submitted)::float8 as submitted,
             sum(c.completed)::float8 as completed
      from changed k join task_count c on c.tenant_id = k.tenant_id and c.queue = k.queue
      group by 1, 2
    ) as f on true`.execute(storage.sweeper);
  const [first] = rows;
  if (first === undefined) throw new Error("a statement without its one row");
  return { mark: first.mark, flows: rows.filter((row) => row.tenant !== null) };
}
