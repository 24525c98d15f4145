import { sql } from "kysely";
import type { Storage } from "../../runtime/storage/storage.ts";
import { keyOf, type TaskKey } from "./lock.store.ts";

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

/** How a task stands, for whoever waits for its end. */
export interface Stand {
  readonly revision: number;
  /** About how large it is; undefined while it lives. */
  readonly endedBytes: number | undefined;
}

/** How tasks stand, by `tenant/id`; those that nobody knows are missing. */
export async function standsOf(
  storage: Storage,
  keys: readonly TaskKey[],
): Promise<Map<string, Stand>> {
  const { rows } = await sql<StandRow>`/*task.stand*/
    with k as (
      select distinct * from unnest(${keys.map(({ tenant }) => tenant)}::text[],
        ${keys.map(({ id }) => id)}::text[]) as k (tenant_id, id)
    )
    select t.tenant_id, t.id, t.revision, null::integer as bytes from k
      join task t on t.tenant_id = k.tenant_id and t.id = k.id
    union all
    select d.tenant_id, d.id, d.revision, octet_length(d.body) + coalesce(octet_length(d.result), 0)
        + coalesce(octet_length(d.failure), 0) + coalesce(octet_length(d.progress), 0)
        + coalesce(octet_length(d.cancellation), 0) from k
      join task_done_log d on d.tenant_id = k.tenant_id and d.id = k.id`.execute(storage.sweeper);
  return new Map(
    rows.map(({ tenant_id: tenant, id, revision, bytes }) => [
      keyOf({ tenant, id }),
      { revision: Number(revision), endedBytes: bytes ?? undefined },
    ]),
  );
}

interface StandRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly revision: bigint;
  readonly bytes: number | null;
}
