import { TaskStepSchema, type TaskStep } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { openSteps } from "@foedus/kernel/task/steps.ts";
import { sql } from "kysely";
import { fromBody } from "../../runtime/storage/body.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { waitedFor, waitedForBy } from "./depend.store.ts";
import { findTasks } from "./lock.store.ts";
import { storedOf, type DoneRow, type Stored, type TaskRow } from "./row.store.ts";

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

/** The latest steps of a task in their order, so many at most. */
export async function latestSteps(tx: TenantTx, stored: Stored, size: number): Promise<TaskStep[]> {
  const { rows } = await sql<{ body: Buffer }>`select body from task_step_log
    where tenant_id = ${tx.tenant} and task_id = ${stored.live.id} order by number desc
    limit ${size}`.execute(tx.sql);
  const steps = rows.map(({ body }) => fromBody(TaskStepSchema, body)).toReversed();
  return [...steps, ...openSteps(stored.live)].slice(-size);
}

async function countSteps(tx: TenantTx, { live }: Stored): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count
    from task_step_log where tenant_id = ${tx.tenant} and task_id = ${live.id}`.execute(tx.sql);
  return rows[0]?.count ?? 0;
}
