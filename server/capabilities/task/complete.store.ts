import { PayloadSchema, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { spentMax } from "@foedus/kernel/task/limits.ts";
import { utcDay } from "@foedus/kernel/time.ts";
import { sql } from "kysely";
import { toBody } from "../../runtime/storage/body.ts";
import { rethrowFault } from "../../runtime/storage/fault.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { fixedColumns, movingColumns, namesOf } from "./column.store.ts";
import { ownSlot } from "./count.store.ts";
import type { TaskReport } from "./report.store.ts";

const working = sql.raw(String(TaskState.WORKING));
const completed = sql.raw(String(TaskState.COMPLETED));
const set = new Map([
  ["state", String(TaskState.COMPLETED)],
  ["revision", "g.revision + 1"],
  ["spent", `least(g.spent + g.paid, ${spentMax}::bigint)`],
  ["wake_ms", "null"],
  ["hold_end_ms", "g.end_ms"],
]);
const moving = sql.raw(movingColumns.map(({ name }) => set.get(name) ?? `g.${name}`).join(", "));

/**
 * Completes tasks in one statement, which checks fence and holder and moves their rows to those
 * that ended. Returns what it took: not among them is what is held no more, and what others wait
 * for.
 */
export async function completeTasks(
  storage: Storage,
  results: readonly TaskReport[],
): Promise<TaskReport[]> {
  if (results.length === 0) return [];
  const nowMs = storage.nowMs();
  const bodies = results.map(({ word }) =>
    word.case === "result" ? toBody(PayloadSchema, word.result) : null,
  );
  const { rows } = await sql<{ place: bigint }>`/*task.complete*/
    with said as (
      select * from unnest(${results.map(({ tenant }) => tenant)}::text[],
        ${results.map(({ id }) => id)}::text[], ${results.map(({ fence }) => fence)}::bigint[],
        ${results.map(({ nodeId }) => nodeId)}::text[],
        ${results.map(({ spent }) => spent)}::bigint[], ${bodies}::bytea[]
      ) with ordinality as s (tenant_id, id, fence, node_id, spent, result, place)
    ), gone as (
      delete from task t using said s
      where t.tenant_id = s.tenant_id and t.id = s.id and t.hold_fence = s.fence
        and t.node_id = s.node_id and t.state = ${working} and not t.followed
        and t.budget_limit is null
      returning t.*, s.place, s.spent as paid, s.result, ${nowMs}::bigint as end_ms
    ), done as (
      insert into task_done_log (${namesOf(fixedColumns)}, followed, ${namesOf(movingColumns)},
        day, end_ms, result)
      select ${namesOf(fixedColumns, "g.")}, g.followed, ${moving}, ${utcDay(nowMs)}::date,
        g.end_ms, g.result from gone g
    ), counted as (
      insert into task_count as c (tenant_id, queue, slot, working, completed)
      select g.tenant_id, g.queue, ${ownSlot}, -count(*), count(*) from gone g
      group by 1, 2 order by 1, 2
      on conflict (tenant_id, queue, slot) do update set
        working = c.working + excluded.working, completed = c.completed + excluded.completed
    ), tallied as (
      insert into task_tally as y (tenant_id, queue, kind, state, node_id, reason, slot, count,
        task_id)
      select g.tenant_id, g.queue, g.kind, ${completed}, '', '', ${ownSlot}, count(*), max(g.id)
      from gone g group by 1, 2, 3 order by 1, 2, 3
      on conflict (tenant_id, queue, kind, state, node_id, reason, slot) do update
      set count = y.count + excluded.count
    )
    select g.place from gone g`
    .execute(storage.hot)
    .catch(rethrowFault);
  const taken = new Set(rows.map(({ place }) => Number(place)));
  return results.filter((_, at) => taken.has(at + 1));
}
