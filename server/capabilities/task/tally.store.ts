import type { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { sql } from "kysely";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import { ownSlot } from "./count.store.ts";
import type { Stored } from "./row.store.ts";
import type { TaskTx } from "./save.store.ts";

/** Tasks that ended alike. */
export interface Alike {
  readonly queue: string;
  readonly kind: string;
  readonly state: TaskState;
  /** Whose worker held them last, where they failed or were called off. */
  readonly nodeId: string;
  readonly reason: string;
  readonly count: number;
  /** One of them. */
  readonly taskId: string;
}

/** Counts tasks that end within this transaction, to be told of once it is committed. */
export async function noteEnded(tx: TaskTx, ended: readonly Stored[]): Promise<void> {
  if (ended.length === 0) return;
  const of = (value: (stored: Stored) => string) => ended.map(value);
  await sql`/*task.tally*/
    insert into task_tally as y (tenant_id, queue, kind, state, node_id, reason, slot, count, task_id)
    select u.tenant_id, u.queue, u.kind, u.state, u.node_id, u.reason, ${ownSlot}, count(*), max(u.id)
    from unnest(${of(({ tenant }) => tenant)}::text[], ${of(({ queue }) => queue)}::text[],
      ${of(({ spec }) => spec.kind)}::text[],
      ${ended.map(({ live }) => live.standing.state)}::smallint[],
      ${of(({ live }) => live.standing.attempt?.nodeId ?? "")}::text[],
      ${of(({ live }) => live.standing.failure?.reason ?? "")}::text[],
      ${of(({ live }) => live.id)}::text[]
    ) as u (tenant_id, queue, kind, state, node_id, reason, id)
    group by 1, 2, 3, 4, 5, 6
    order by u.tenant_id collate "C", u.queue collate "C", u.kind collate "C", u.state,
      u.node_id collate "C", u.reason collate "C"
    on conflict (tenant_id, queue, kind, state, node_id, reason, slot) do update
    set count = y.count + excluded.count`.execute(tx.sql);
}

/** Tenants of which something is to be told. */
export async function tallied(storage: Storage): Promise<string[]> {
  const { rows } = await sql<{ tenant_id: string }>`/*task.tallied*/
    select distinct tenant_id from task_tally`.execute(storage.sweeper);
  return rows.map(({ tenant_id: tenant }) => tenant);
}

/** Takes what is to be told, up to so many counts: whoever does so tells it in this transaction. */
export async function takeTally(tx: TenantTx, limit: number): Promise<Alike[]> {
  const { rows } = await sql<Alike>`/*task.take_tally*/
    with t as (
      select y.* from task_tally y where y.tenant_id = ${tx.tenant}
      order by y.queue, y.kind, y.state, y.node_id, y.reason, y.slot limit ${limit} for update
    ), gone as (
      delete from task_tally y using t where y.tenant_id = t.tenant_id and y.queue = t.queue
        and y.kind = t.kind and y.state = t.state and y.node_id = t.node_id
        and y.reason = t.reason and y.slot = t.slot
      returning y.*
    )
    select g.queue, g.kind, g.state, g.node_id as "nodeId", g.reason,
      sum(g.count)::float8 as count, max(g.task_id) as "taskId"
    from gone g group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`.execute(tx.sql);
  return rows;
}
