import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { followersMax } from "@foedus/kernel/task/limits.ts";
import { stateText } from "@foedus/kernel/task/standing.ts";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { findDone, keyOf, lockTasks } from "./lock.store.ts";

/**
 * Which of these tasks are still to be waited for; they stay so until the transaction ends.
 *
 * @throws Fault TASK_DEPENDENCY_UNKNOWN for one that is not there, or can no longer be completed.
 */
export async function openOnes(tx: TenantTx, ids: readonly string[]): Promise<Set<string>> {
  const { tenant } = tx;
  const wanted = ids.map((id) => ({ tenant, id }));
  const live = await lockTasks(tx.sql, wanted);
  const missing = wanted.filter((key) => !live.has(keyOf(key)));
  const done = await findDone(tx.sql, missing);
  for (const key of missing) {
    const state = done.get(keyOf(key))?.live.standing.state;
    if (state === TaskState.COMPLETED) continue;
    const detail = state === undefined ? "there is no such task" : `it is ${stateText(state)}`;
    throw new Fault(Reason.TASK_DEPENDENCY_UNKNOWN, { task: key.id, detail });
  }
  return new Set([...live.values()].map((stored) => stored.live.id));
}

/**
 * Notes who waits for whom.
 *
 * @throws Fault TASK_SPEC_INVALID when too many wait for one, which the caller has locked.
 */
export async function waitFor(
  tx: TenantTx,
  pairs: readonly { readonly id: string; readonly onId: string }[],
): Promise<void> {
  if (pairs.length === 0) return;
  const onIds = pairs.map(({ onId }) => onId);
  await sql`insert into task_wait (tenant_id, on_id, id)
    select ${tx.tenant}, * from unnest(${onIds}::text[],
      ${pairs.map(({ id }) => id)}::text[])`.execute(tx.sql);
  await checkFollowers(tx, onIds);
  await sql`update task set followed = true
    where tenant_id = ${tx.tenant} and id = any(${onIds}::text[]) and not followed`.execute(tx.sql);
}

async function checkFollowers(tx: TenantTx, onIds: readonly string[]): Promise<void> {
  const { rows } = await sql<{ on_id: string }>`select w.on_id from task_wait w
    where w.tenant_id = ${tx.tenant} and w.on_id = any(${[...new Set(onIds)]}::text[])
    group by w.on_id having count(*) > ${followersMax} limit 1`.execute(tx.sql);
  const [full] = rows;
  if (full === undefined) return;
  const detail = `depends_on: more than ${followersMax} tasks would wait for ${full.on_id}`;
  throw new Fault(Reason.TASK_SPEC_INVALID, { detail });
}

/** What a task still waits for. */
export async function waitedFor(tx: TenantTx, id: string): Promise<string[]> {
  const { rows } = await sql<{ on_id: string }>`select on_id from task_wait
    where tenant_id = ${tx.tenant} and id = ${id} order by on_id`.execute(tx.sql);
  return rows.map(({ on_id: onId }) => onId);
}

/** What several tasks still wait for, by their ids. */
export async function waitedForBy(
  tx: TenantTx,
  ids: readonly string[],
): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; on_id: string }>`select id, on_id from task_wait
    where tenant_id = ${tx.tenant} and id = any(${ids}::text[]) order by id, on_id`.execute(tx.sql);
  const byId = Map.groupBy(rows, ({ id }) => id);
  return new Map([...byId].map(([id, each]) => [id, each.map(({ on_id: onId }) => onId)]));
}
