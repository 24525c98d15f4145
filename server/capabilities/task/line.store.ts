import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { NeedsSchema, type Needs } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { linesMax, namedLinesMax } from "@foedus/kernel/task/limits.ts";
import type { Line } from "@foedus/kernel/task/line.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import { oneByOne } from "./queue.limit.store.ts";
import type { Stored } from "./row.store.ts";

/** How often the use of a line is noted, so that most submits write none. */
const noteMs = 3_600_000;
/** A line that nothing was submitted to for so long, and that is empty, is forgotten. */
const keptMs = 24 * noteMs;

/**
 * Notes the lines of tasks, unless each was noted within the hour.
 *
 * @throws Fault TASK_LINE_LIMIT.
 */
export async function noteLines(tx: TenantTx, tasks: readonly Stored[]): Promise<void> {
  const lines = new Map(tasks.map((task) => [task.line, task]));
  const ids = [...lines.keys()];
  const { rows } = await sql<{ id: string; used_ms: bigint }>`/*task.lines*/
    select id, used_ms from task_line
    where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[])`.execute(tx.sql);
  const known = new Map(rows.map(({ id, used_ms: usedMs }) => [id, Number(usedMs)]));
  const fresh = [...lines.values()].filter(({ line }) => !known.has(line));
  if (fresh.length > 0) await demandLines(tx, fresh);
  const due = [...lines.values()].filter(
    ({ line }) => (known.get(line) ?? -Infinity) <= tx.nowMs - noteMs,
  );
  if (due.length === 0) return;
  const needs = due.map(({ spec }) => spec.needs && toBody(NeedsSchema, spec.needs));
  await sql`insert into task_line as l (tenant_id, id, queue, kind, needs, used_ms)
    select ${tx.tenant}, u.id, u.queue, u.kind, u.needs, ${tx.nowMs} from unnest(
      ${due.map(({ line }) => line)}::uuid[], ${due.map(({ queue }) => queue)}::text[],
      ${due.map(({ spec }) => spec.kind)}::text[], ${needs}::bytea[]
    ) as u (id, queue, kind, needs) order by u.id
    on conflict (tenant_id, id) do update
    set used_ms = greatest(l.used_ms, excluded.used_ms)`.execute(tx.sql);
}

/** Lets lines come to be, one transaction after the other: each counts those of the one before. */
async function demandLines(tx: TenantTx, fresh: readonly Stored[]): Promise<void> {
  const byQueue = Map.groupBy(fresh, ({ queue }) => queue);
  const names = [...byQueue.keys()];
  await oneByOne(
    tx,
    names.map((name) => `lines/${name}`),
  );
  const { rows } = await sql<{ queue: string; count: number }>`/*task.line_limit*/
    select l.queue, count(*)::float8 as count from task_line l
    where l.tenant_id = ${tx.tenant} and l.queue = any(${names}::text[])
    group by 1`.execute(tx.sql);
  const counts = new Map(rows.map(({ queue, count }) => [queue, count]));
  for (const [queue, more] of byQueue) {
    // Beyond this it matters what they are.
    if ((counts.get(queue) ?? 0) + more.length > linesMax) await demandRoom(tx, queue, more);
  }
}

async function demandRoom(tx: TenantTx, queue: string, more: readonly Stored[]): Promise<void> {
  const known = await linesIn(tx, queue);
  const ids = new Set(known.map(({ id }) => id));
  const fresh = more.flatMap(({ line, spec }) => (ids.has(line) ? [] : [spec.needs]));
  const isNamed = (needs: Needs | undefined) => (needs?.nodeId ?? "") !== "";
  const all = [...known.map(({ needs }) => needs), ...fresh];
  const named = all.filter(isNamed).length;
  const isMore = { named: fresh.some(isNamed), common: !fresh.every(isNamed) };
  if (isMore.common && all.length - named > linesMax) throw tooMany(queue, linesMax);
  if (isMore.named && named > namedLinesMax) throw tooMany(queue, namedLinesMax);
}

function tooMany(queue: string, limit: number): Fault {
  return new Fault(Reason.TASK_LINE_LIMIT, { queue, limit });
}

/** All lines of a queue: what claims choose from. */
export async function linesOf(storage: Storage, tenant: TenantId, queue: string): Promise<Line[]> {
  return await storage.tenant(tenant, (tx) => linesIn(tx, queue));
}

async function linesIn(tx: TenantTx, queue: string): Promise<Line[]> {
  const { rows } = await sql<{ id: string; kind: string; needs: Buffer | null }>`/*task.queue*/
    select id, kind, needs from task_line
    where tenant_id = ${tx.tenant} and queue = ${queue} order by id`.execute(tx.sql);
  return rows.map(({ id, kind, needs }) => {
    return { id, queue, kind, needs: needs === null ? undefined : fromBody(NeedsSchema, needs) };
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
