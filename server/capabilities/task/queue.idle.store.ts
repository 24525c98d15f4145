import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { queuesMax } from "@foedus/kernel/task/limits.ts";
import { sql } from "kysely";
import { onDeadlockAgain } from "../../runtime/storage/again.ts";
import type { Storage, SweepTx } from "../../runtime/storage/storage.ts";

const dayMs = 86_400_000;
/** A tenant with more queues than these has no room for what nobody uses. */
const crowdMin = queuesMax / 2;
/** So many go in one transaction. */
const batchMax = 500;

const failed = sql.raw(String(TaskState.FAILED));
const isEmpty = sql`sum(c.ready) = 0 and sum(c.scheduled) = 0 and sum(c.blocked) = 0
  and sum(c.working) = 0`;

/**
 * Forgets queues that nothing is in, that nobody has set and no worker is at, once nothing is kept
 * of what they did; in a crowd after a day, though what has ended is kept. Returns how many.
 */
export async function forgetQueues(
  storage: Storage,
  keepDays: number,
  attended: Attended,
): Promise<number> {
  await onDeadlockAgain(() => noteIdle(storage, attended));
  const due = await dueQueues(storage, keepDays);
  let forgotten = 0;
  for (let at = 0; at < due.length; at += batchMax) {
    const some = due.slice(at, at + batchMax);
    forgotten += await onDeadlockAgain(() => storage.sweep((tx) => forget(tx, some)));
  }
  return forgotten;
}

/** Where somebody works: queues of this process, and the other processes, which tell of theirs. */
export interface Attended {
  readonly here: readonly { readonly tenant: string; readonly queue: string }[];
  readonly hubIds: readonly string[];
}

interface QueueRow {
  readonly tenant_id: string;
  readonly queue: string;
}

/** Since when queues are idle; what was used since it was looked at last begins anew. */
async function noteIdle(storage: Storage, { here, hubIds }: Attended): Promise<void> {
  await sql`/*task.idle*/
    with idle as materialized (
      select e.* from (
        select c.tenant_id, c.queue, sum(c.submitted)::bigint as submitted from task_count c
        group by 1, 2 having ${isEmpty}
      ) as e
      where not exists (select from task_queue q
          where q.tenant_id = e.tenant_id and q.name = e.queue)
        and not exists (select from task_crew w where w.tenant_id = e.tenant_id
          and w.queue = e.queue and w.hub_id = any(${hubIds}::text[]))
        and (e.tenant_id, e.queue) not in (select * from unnest(
          ${here.map(({ tenant }) => tenant)}::text[], ${here.map(({ queue }) => queue)}::text[]))
        and not exists (select from task_done_log d where d.tenant_id = e.tenant_id
          and d.queue = e.queue and d.state = ${failed})
    ), used as (
      delete from task_idle i where not exists (select from idle e
        where e.tenant_id = i.tenant_id and e.queue = i.queue)
    )
    insert into task_idle as i (tenant_id, queue, submitted, since_ms)
    select e.tenant_id, e.queue, e.submitted, ${storage.nowMs()} from idle e order by 1, 2
    on conflict (tenant_id, queue) do update
    set submitted = excluded.submitted, since_ms = excluded.since_ms
    where i.submitted <> excluded.submitted`.execute(storage.sweeper);
}

/** Days of what ended are dropped whole: see `dropTaskDays`. Of a crowd no more go than must. */
async function dueQueues(storage: Storage, keepDays: number): Promise<QueueRow[]> {
  const nowMs = storage.nowMs();
  const keptMs = Math.floor((nowMs - keepDays * dayMs) / dayMs) * dayMs;
  const { rows } = await sql<QueueRow>`/*task.idle_due*/
    with crowd as (
      select c.tenant_id, count(distinct c.queue) - ${crowdMin} as too_many from task_count c
      group by 1 having count(distinct c.queue) > ${crowdMin}
    ), idle as (
      select i.*, row_number() over (partition by i.tenant_id order by i.since_ms, i.queue) as place
      from task_idle i
    )
    select i.tenant_id, i.queue from idle i left join crowd w on w.tenant_id = i.tenant_id
    where i.since_ms < ${keptMs} or (i.since_ms <= ${nowMs - dayMs} and i.place <= w.too_many)
    order by 1, 2`.execute(storage.sweeper);
  return rows;
}

/** Whoever counts in one of them waits, or was seen: no count is lost. */
async function forget({ sql: database }: SweepTx, due: readonly QueueRow[]): Promise<number> {
  const keys = sql`unnest(${due.map((row) => row.tenant_id)}::text[],
    ${due.map(({ queue }) => queue)}::text[]) as k (tenant_id, queue)`;
  const isTheirs = sql`c.tenant_id = k.tenant_id and c.queue = k.queue`;
  await sql`select from ${keys} join task_count c on ${isTheirs}
    order by c.tenant_id, c.queue, c.slot for update of c`.execute(database);
  const { rows } = await sql<QueueRow>`/*task.forget*/
    with empty as materialized (
      select k.tenant_id, k.queue from ${keys} join task_count c on ${isTheirs}
      join task_idle i on i.tenant_id = k.tenant_id and i.queue = k.queue
      group by 1, 2 having ${isEmpty} and sum(c.submitted) = max(i.submitted)
    ), counts as (
      delete from task_count c using empty k where ${isTheirs}
    )
    select k.tenant_id, k.queue from empty k`.execute(database);
  await sql`delete from task_idle c using ${keys} where ${isTheirs}`.execute(database);
  return rows.length;
}
