import {
  CancellationSchema,
  ProgressSchema,
  TaskState,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { saidAt } from "@foedus/kernel/task/hold.ts";
import { sql } from "kysely";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import { rethrowFault } from "../../runtime/storage/fault.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { TaskReceipt, TaskReport } from "./report.store.ts";

const working = sql.raw(String(TaskState.WORKING));

/** Why a worker is to stop that has spent it all. */
export const budgetUsed = "the budget is used up";

interface RenewedRow {
  readonly place: bigint;
  readonly heartbeat_ms: bigint;
  readonly cancellation: Buffer | null;
  readonly is_over: boolean | null;
}

/**
 * Renews holds in one statement; those that are not among the answers hold no more. When a hold is
 * looked at again stays as it is: once too early does no harm, and no index has to change.
 */
export async function renewTasks(
  storage: Storage,
  beats: readonly TaskReport[],
): Promise<Map<TaskReport, TaskReceipt>> {
  // One statement changes a row once: of several signs of one hold the last one counts.
  const last = new Map(beats.map((beat) => [keyOf(beat), beat]));
  const all = [...last.values()];
  if (all.length === 0) return new Map();
  const nowMs = storage.nowMs();
  const progress = all.map(({ word }) => {
    if (word.case !== "beat" || word.progress === undefined) return null;
    return toBody(ProgressSchema, saidAt(word.progress, nowMs));
  });
  const { rows } = await sql<RenewedRow>`/*task.renew*/
    with said as (
      select s.*, t.id as found from unnest(${all.map(({ tenant }) => tenant)}::text[],
        ${all.map(({ id }) => id)}::text[], ${all.map(({ fence }) => fence)}::bigint[],
        ${all.map(({ nodeId }) => nodeId)}::text[], ${all.map(({ spent }) => spent)}::bigint[],
        ${progress}::bytea[]
      ) with ordinality as s (tenant_id, id, fence, node_id, spent, progress, place)
      join task t on t.tenant_id = s.tenant_id and t.id = s.id
      order by s.tenant_id, s.id for update of t
    )
    update task t set lease_ms = ${nowMs}::bigint + t.heartbeat_ms,
      progress = coalesce(s.progress, t.progress),
      revision = t.revision + (s.progress is not null)::integer
    from said s where t.tenant_id = s.tenant_id and t.id = s.id and t.state = ${working}
      and t.hold_fence = s.fence and t.node_id = s.node_id
    returning s.place, t.heartbeat_ms, t.cancellation,
      t.spent + s.spent > t.budget_limit as is_over`
    .execute(storage.hot)
    .catch(rethrowFault);
  const byPlace = new Map(rows.map((row) => [Number(row.place), row]));
  const receipts = new Map(
    all.map((beat, at) => [keyOf(beat), receiptOf(byPlace.get(at + 1))] as const),
  );
  const answered = beats.flatMap((beat) => {
    const receipt = receipts.get(keyOf(beat));
    return receipt === undefined ? [] : [[beat, receipt] as const];
  });
  return new Map(answered);
}

function keyOf({ tenant, id, fence, nodeId }: TaskReport): string {
  return `${tenant}/${id}/${fence}/${nodeId}`;
}

function receiptOf(row: RenewedRow | undefined): TaskReceipt | undefined {
  if (row === undefined) return undefined;
  const called = row.cancellation && fromBody(CancellationSchema, row.cancellation).reason;
  const stop = called ?? (row.is_over === true ? budgetUsed : undefined);
  return { verdict: Verdict.TAKEN, stop, leaseMs: Number(row.heartbeat_ms) };
}
