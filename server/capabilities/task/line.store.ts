import { NeedsSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { Line } from "@foedus/kernel/task/line.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Stored } from "./row.store.ts";

/** How often the use of a line is noted, so that most submits write none. */
const noteMs = 3_600_000;
/** A line that nothing was submitted to for so long, and that is empty, is forgotten. */
const keptMs = 24 * noteMs;

/** Notes the lines of tasks, unless each was noted within the hour. */
export async function noteLines(tx: TenantTx, tasks: readonly Stored[]): Promise<void> {
  const lines = new Map(tasks.map((task) => [task.line, task]));
  const ids = [...lines.keys()];
  const { rows } = await sql<{ id: string }>`/*task.lines*/ select id from task_line
    where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[])
      and used_ms > ${tx.nowMs - noteMs}`.execute(tx.sql);
  for (const { id } of rows) lines.delete(id);
  const fresh = [...lines.values()];
  if (fresh.length === 0) return;
  const needs = fresh.map(({ spec }) => spec.needs && toBody(NeedsSchema, spec.needs));
  await sql`insert into task_line as l (tenant_id, id, queue, kind, needs, used_ms)
    select ${tx.tenant}, u.id, u.queue, u.kind, u.needs, ${tx.nowMs} from unnest(
      ${fresh.map(({ line }) => line)}::uuid[], ${fresh.map(({ queue }) => queue)}::text[],
      ${fresh.map(({ spec }) => spec.kind)}::text[], ${needs}::bytea[]
    ) as u (id, queue, kind, needs) order by u.id
    on conflict (tenant_id, id) do update
    set used_ms = greatest(l.used_ms, excluded.used_ms)`.execute(tx.sql);
}

/** All lines of a queue: what claims choose from. */
export async function linesOf(storage: Storage, tenant: TenantId, queue: string): Promise<Line[]> {
  return await storage.tenant(tenant, async (tx) => {
    const { rows } = await sql<{ id: string; kind: string; needs: Buffer | null }>`/*task.queue*/
      select id, kind, needs from task_line
      where tenant_id = ${tenant} and queue = ${queue} order by id`.execute(tx.sql);
    return rows.map(({ id, kind, needs }) => {
      return { id, queue, kind, needs: needs === null ? undefined : fromBody(NeedsSchema, needs) };
    });
  });
}

/** Forgets lines that nobody used for a day and that nothing waits in; returns how many. */
export async function forgetLines(storage: Storage): Promise<number> {
  const result = await sql`delete from task_line l where l.used_ms < ${storage.nowMs() - keptMs}
    and not exists (select from task t where t.tenant_id = l.tenant_id and t.line = l.id)`.execute(
    storage.sweeper,
  );
  return Number(result.numAffectedRows ?? 0n);
}
