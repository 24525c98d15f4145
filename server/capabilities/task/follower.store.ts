import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { abandoned } from "@foedus/kernel/task/decide.ts";
import { hasEnded, type Moved } from "@foedus/kernel/task/standing.ts";
import { unblocked } from "@foedus/kernel/task/submit.ts";
import { sql } from "kysely";
import { findDone, keyOf, lockTasks, type TaskKey } from "./lock.store.ts";
import { readMax, withoutPayload, type Stored } from "./row.store.ts";
import type { TaskTx } from "./save.store.ts";

/** What becomes of a task that waited for one that ended. */
interface Followed {
  readonly follower: Stored;
  readonly moved: Moved;
}

/** How tasks stand after what is not written yet. */
interface Seen {
  now(stored: Stored): Stored;
}

/** Those that wait for tasks that ended: one thing less to wait for, or nothing to hope for. */
export async function* followersOf(
  tx: TaskTx,
  ended: readonly Stored[],
  seen: Seen,
): AsyncGenerator<Followed> {
  if (ended.length === 0) return;
  const byId = new Map(ended.map((stored) => [keyOf(stored), stored]));
  for await (const { tenant, onId, found } of waiting(tx, ended)) {
    const other = byId.get(keyOf({ tenant, id: onId }));
    if (other === undefined) continue;
    const follower = seen.now(found);
    if (hasEnded(follower.live.standing)) continue;
    const isDone = other.live.standing.state === TaskState.COMPLETED;
    const moved = isDone
      ? unblocked(follower.live, tx.nowMs)
      : abandoned(follower.live, other.live, tx.nowMs);
    yield { follower: found, moved };
  }
}

async function* waiting(tx: TaskTx, ended: readonly Stored[]) {
  const pairs = await waitsFor(tx, ended);
  for (let at = 0; at < pairs.length; at += readMax) {
    const some = pairs.slice(at, at + readMax);
    const wanted = some.map(({ tenant_id: tenant, id }) => ({ tenant, id }));
    const followers = await lockTasks(tx.sql, wanted);
    const light = new Map([...followers].map(([key, stored]) => [key, withoutPayload(stored)]));
    for (const { tenant_id: tenant, on_id: onId, id } of some) {
      const found = light.get(keyOf({ tenant, id }));
      if (found !== undefined) yield { tenant, onId, found };
    }
  }
}

interface WaitRow {
  readonly tenant_id: string;
  readonly on_id: string;
  readonly id: string;
}

async function waitsFor(tx: TaskTx, ended: readonly Stored[]): Promise<WaitRow[]> {
  const { rows } = await sql<WaitRow>`/*task.waits*/ select w.* from task_wait w
    join ${keys(ended)} as e (tenant_id, id) on w.tenant_id = e.tenant_id and w.on_id = e.id
    order by w.tenant_id, w.id, w.on_id`.execute(tx.sql);
  return rows;
}

/** Those that wait for these, which ended, are looked at in a transaction of their own. */
export async function wakeFollowers(tx: TaskTx, ended: readonly Stored[]): Promise<void> {
  if (ended.length === 0) return;
  await sql`/*task.wake_followers*/ update task t set wake_ms = ${tx.nowMs}
    from task_wait w join ${keys(ended)} as e (tenant_id, id)
      on w.tenant_id = e.tenant_id and w.on_id = e.id
    where t.tenant_id = w.tenant_id and t.id = w.id`.execute(tx.sql);
}

/** Those of these that were to be looked at still are: writing them took the mark away. */
export async function wakeLeft(tx: TaskTx, blocked: readonly Stored[]): Promise<void> {
  if (blocked.length === 0) return;
  await sql`/*task.wake_left*/ update task t set wake_ms = ${tx.nowMs}
    where (t.tenant_id, t.id) in (select * from ${keys(blocked)}) and exists (
      select 1 from task_wait w
      join task_done_log d on d.tenant_id = w.tenant_id and d.id = w.on_id
      where w.tenant_id = t.tenant_id and w.id = t.id)`.execute(tx.sql);
}

/** What some of these wait for, and what ended before: only a long chain leaves it behind. */
export async function endedBefore(tx: TaskTx, blocked: readonly Stored[]): Promise<Stored[]> {
  if (blocked.length === 0) return [];
  const { rows } = await sql<TaskKey>`/*task.waited*/ select distinct w.tenant_id as tenant,
      w.on_id as id
    from task_wait w join ${keys(blocked)} as b (tenant_id, id)
      on w.tenant_id = b.tenant_id and w.id = b.id`.execute(tx.sql);
  return [...(await findDone(tx.sql, rows)).values()];
}

/** Nobody waits for what has ended, and what has ended waits for nobody. */
export async function forgetWaits(tx: TaskTx, ended: readonly Stored[]): Promise<void> {
  const waited = ended.filter(({ followed }) => followed);
  if (waited.length > 0) {
    await sql`delete from task_wait w using ${keys(waited)} as e (tenant_id, id)
      where w.tenant_id = e.tenant_id and w.on_id = e.id`.execute(tx.sql);
  }
  const waiting = ended.filter(({ spec }) => spec.dependsOn.length > 0);
  if (waiting.length === 0) return;
  await sql`delete from task_wait w using ${keys(waiting)} as e (tenant_id, id)
    where w.tenant_id = e.tenant_id and w.id = e.id`.execute(tx.sql);
}

function keys(all: readonly Stored[]) {
  return sql`unnest(${all.map(({ tenant }) => tenant)}::text[],
    ${all.map(({ live }) => live.id)}::text[])`;
}
