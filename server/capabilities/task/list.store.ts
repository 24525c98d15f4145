import type { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskStepSchema, type TaskStep } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { openSteps } from "@foedus/kernel/task/steps.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { fromBody } from "../../runtime/storage/body.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import { waitedFor, waitedForBy } from "./depend.store.ts";
import { fixedColumns, labelTexts, movingColumns, namesOf } from "./column.store.ts";
import { findTasks } from "./lock.store.ts";
import { storedOf, type DoneRow, type Stored, type TaskRow } from "./row.store.ts";

/** Which tasks; what is empty or undefined asks for nothing. */
export interface TaskFilter {
  readonly queue: string;
  readonly states: readonly TaskState[];
  readonly kind: string;
  readonly nodeId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly parentId: string;
}

/** A task, and what it still waits for. */
export interface Found {
  readonly stored: Stored;
  readonly waitsFor: string[];
}

/** A task by its id, whether it lives or ended; undefined when there is none, or none any more. */
export async function findTask(tx: TenantTx, id: string): Promise<Found | undefined> {
  const { tenant } = tx;
  const live = await sql<TaskRow>`/*task.find*/ select t.* from task t
    where t.tenant_id = ${tenant} and t.id = ${id}`.execute(tx.sql);
  const [row] = live.rows;
  if (row !== undefined) {
    return { stored: storedOf(row), waitsFor: row.blockers === 0 ? [] : await waitedFor(tx, id) };
  }
  const done = await sql<DoneRow>`/*task.ended*/ select d.* from task_done_log d
    where d.tenant_id = ${tenant} and d.id = ${id}`.execute(tx.sql);
  const [over] = done.rows;
  return over && { stored: storedOf(over), waitsFor: [] };
}

/** Tasks by their ids, each with what it still waits for; those that nobody knows are missing. */
export async function findMany(tx: TenantTx, ids: readonly string[]): Promise<Map<string, Found>> {
  const keys = ids.map((id) => ({ tenant: tx.tenant, id }));
  const found = [...(await findTasks(tx.sql, keys)).values()];
  const blocked = found.filter(({ live }) => live.standing.blockers > 0);
  const waits = await waitedForBy(
    tx,
    blocked.map(({ live }) => live.id),
  );
  return new Map(
    found.map((stored) => [stored.live.id, { stored, waitsFor: waits.get(stored.live.id) ?? [] }]),
  );
}

const columns = namesOf([...fixedColumns, ...movingColumns], "t.");

/** A page of tasks, the newest first. */
export async function listTasks(
  storage: Storage,
  tenant: TenantId,
  filter: TaskFilter,
  page: { readonly after: string | undefined; readonly size: number },
): Promise<Stored[]> {
  const { queue, states, kind, nodeId, parentId } = filter;
  const labels = labelTexts(filter.labels);
  const isWanted = sql`t.tenant_id = ${tenant}
    and (${page.after ?? null}::text is null or t.id < ${page.after ?? null})
    and (${queue} = '' or t.queue = ${queue}) and (${kind} = '' or t.kind = ${kind})
    and (${nodeId} = '' or t.node_id = ${nodeId})
    and (${parentId} = '' or t.parent_id = ${parentId})
    and (${states.length} = 0 or t.state = any(${states}::smallint[]))
    and t.labels @> ${labels}::text[]`;
  return await storage.tenant(tenant, async (tx) => {
    const { rows } = await sql<DoneRow>`
      select * from (
        (select ${columns}, t.followed, null::bigint as end_ms, null::bytea as failure,
          null::bytea as result from task t where ${isWanted} order by t.id desc limit ${page.size})
        union all
        (select ${columns}, t.followed, t.end_ms, t.failure, null::bytea as result
          from task_done_log t where ${isWanted} order by t.id desc limit ${page.size})
      ) as a order by a.id desc limit ${page.size}`.execute(tx.sql);
    return rows.map(storedOf);
  });
}

/** All steps of a task in their order, after so many. */
export async function stepsOf(
  tx: TenantTx,
  stored: Stored,
  page: { readonly skip: number; readonly size: number },
): Promise<TaskStep[]> {
  const { rows } = await sql<{ body: Buffer }>`select body from task_step_log
    where tenant_id = ${tx.tenant} and task_id = ${stored.live.id} order by number
    offset ${page.skip} limit ${page.size}`.execute(tx.sql);
  const steps = rows.map(({ body }) => fromBody(TaskStepSchema, body));
  if (steps.length >= page.size) return steps;
  const count = steps.length > 0 ? page.skip + steps.length : await countSteps(tx, stored);
  const open = openSteps(stored.live).slice(Math.max(0, page.skip - count));
  return [...steps, ...open].slice(0, page.size);
}

async function countSteps(tx: TenantTx, { live }: Stored): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count
    from task_step_log where tenant_id = ${tx.tenant} and task_id = ${live.id}`.execute(tx.sql);
  return rows[0]?.count ?? 0;
}
