import type { Rows } from "@foedus/gen/rows";
import type { TaskSpec } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { sql, type Kysely } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { storedOf, type Stored, type TaskRow } from "./row.store.ts";

type Keyed = Pick<TaskSpec, "queue" | "uniqueKey">;

/**
 * Nobody else stores a task of the tenant with one of these unique keys before the transaction
 * ends: who submits one and who revives one wait for each other.
 */
export async function lockUnique(
  database: Kysely<Rows>,
  tenant: string,
  specs: readonly Keyed[],
): Promise<void> {
  const keyed = specs.filter(({ uniqueKey }) => uniqueKey !== "");
  if (keyed.length === 0) return;
  const names = keyed.map(({ queue, uniqueKey }) => `${tenant}/${queue}/${uniqueKey}`);
  await sql`select pg_advisory_xact_lock(k.key) from (
      select distinct hashtextextended(n.name, 0) as key from unnest(${names}::text[]) as n (name)
      order by 1
    ) as k`.execute(database);
}

/**
 * Tasks that live and have one of these unique keys, by queue and key. Nobody else submits a task
 * with one of them before the transaction ends.
 */
export async function findUnique(
  tx: TenantTx,
  specs: readonly Keyed[],
): Promise<Map<string, Stored>> {
  const keyed = specs.filter(({ uniqueKey }) => uniqueKey !== "");
  if (keyed.length === 0) return new Map();
  await lockUnique(tx.sql, tx.tenant, keyed);
  const { rows } = await sql<TaskRow>`select t.* from task t
    join (select distinct * from unnest(${keyed.map(({ queue }) => queue)}::text[],
      ${keyed.map(({ uniqueKey }) => uniqueKey)}::text[])) as k (queue, key)
      on t.tenant_id = ${tx.tenant} and t.queue = k.queue and t.unique_key = k.key`.execute(tx.sql);
  return new Map(rows.map((row) => [`${row.queue}/${row.unique_key}`, storedOf(row)]));
}
