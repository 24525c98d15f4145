import type { Rows } from "@foedus/gen/rows";
import { sql, type Kysely } from "kysely";
import { storedOf, type DoneRow, type Stored, type TaskRow } from "./row.store.ts";

/** Which task of which tenant. */
export interface TaskKey {
  readonly tenant: string;
  readonly id: string;
}

/** Tenant and id as one text. */
export function keyOf({ tenant, ...rest }: Pick<Stored, "tenant" | "live"> | TaskKey): string {
  return `${tenant}/${"id" in rest ? rest.id : rest.live.id}`;
}

/**
 * Locks tasks until the transaction ends, in their order; those that do not live are missing.
 */
export async function lockTasks(
  database: Kysely<Rows>,
  wanted: readonly TaskKey[],
): Promise<Map<string, Stored>> {
  if (wanted.length === 0) return new Map();
  const { rows } = await sql<TaskRow>`/*task.lock*/ select t.* from task t
    where (t.tenant_id, t.id) in (select * from ${keysOf(wanted)})
    order by t.tenant_id, t.id for update`.execute(database);
  return byKey(rows);
}

/**
 * Locks tasks, and those whose budgets change when some of them end, in their order, which has
 * parents before children: whoever calls a family off locks it in the same one.
 */
export async function lockWithParents(
  database: Kysely<Rows>,
  wanted: readonly TaskKey[],
  ending: readonly TaskKey[],
): Promise<Map<string, Stored>> {
  if (wanted.length === 0) return new Map();
  // A union within the condition loses rows: one that changed while it was waited for is held
  // against the first of its keys only.
  const { rows } = await sql<TaskRow>`/*task.lock_up*/ with k as materialized (
      select * from ${keysOf(wanted)} as w (tenant_id, id)
      union all
      select c.tenant_id, c.parent_id from task c
      where (c.tenant_id, c.id) in (select * from ${keysOf(ending)})
        and c.parent_id is not null and c.budget_limit is not null
    ) select t.* from task t where (t.tenant_id, t.id) in (select k.tenant_id, k.id from k)
    order by t.tenant_id, t.id for update of t`.execute(database);
  return byKey(rows);
}

/** Tasks as they stand, whether they live or ended; those that nobody knows are missing. */
export async function findTasks(
  database: Kysely<Rows>,
  wanted: readonly TaskKey[],
): Promise<Map<string, Stored>> {
  if (wanted.length === 0) return new Map();
  const { rows } = await sql<TaskRow>`/*task.look*/ select t.* from task t
    where (t.tenant_id, t.id) in (select * from ${keysOf(wanted)})`.execute(database);
  const live = byKey(rows);
  const done = await findDone(
    database,
    wanted.filter((key) => !live.has(keyOf(key))),
  );
  return new Map([...live, ...done]);
}

/** Tasks that ended, of those that are still kept. */
export async function findDone(
  database: Kysely<Rows>,
  wanted: readonly TaskKey[],
): Promise<Map<string, Stored>> {
  if (wanted.length === 0) return new Map();
  const { rows } = await sql<DoneRow>`/*task.done*/ select d.* from task_done_log d
    where (d.tenant_id, d.id) in (select * from ${keysOf(wanted)})`.execute(database);
  return byKey(rows);
}

function keysOf(wanted: readonly TaskKey[]) {
  return sql`unnest(${wanted.map(({ tenant }) => tenant)}::text[],
    ${wanted.map(({ id }) => id)}::text[])`;
}

function byKey(rows: readonly (TaskRow | DoneRow)[]): Map<string, Stored> {
  const all = rows.map(storedOf);
  return new Map(all.map((stored) => [keyOf(stored), stored]));
}
