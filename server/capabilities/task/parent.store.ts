import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Parent } from "@foedus/kernel/task/child.ts";
import { plusSpent } from "@foedus/kernel/task/hold.ts";
import { spentMax } from "@foedus/kernel/task/limits.ts";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { keyOf, lockTasks, type TaskKey } from "./lock.store.ts";
import { readMax, withoutPayload, type Stored } from "./row.store.ts";

/**
 * The task that new ones are to be children of, locked until the transaction ends.
 *
 * @throws Fault TASK_PARENT_NOT_HELD unless this node holds it, and nobody called it off.
 */
export async function lockParent(tx: TenantTx, id: string, nodeId: string): Promise<Parent> {
  const key = { tenant: tx.tenant, id };
  const stored = (await lockTasks(tx.sql, [key])).get(keyOf(key));
  const standing = stored?.live.standing;
  const isHeld = standing?.state === TaskState.WORKING && standing.attempt?.nodeId === nodeId;
  if (stored === undefined || standing === undefined || !isHeld) {
    const detail = "the caller does not hold it";
    throw new Fault(Reason.TASK_PARENT_NOT_HELD, { task: id, detail });
  }
  if (standing.cancellation !== undefined) {
    throw new Fault(Reason.TASK_PARENT_NOT_HELD, { task: id, detail: "it is to be called off" });
  }
  return { id, spec: stored.spec, untilMs: standing.untilMs, spent: plusSpent(standing) };
}

/** Takes what children are given off their parent's budget, which the caller has locked. */
export async function chargeParent(tx: TenantTx, id: string, taken: number): Promise<void> {
  if (taken === 0) return;
  await sql`update task set spent = least(spent + ${taken}, ${spentMax}::bigint), revision = revision + 1
    where tenant_id = ${tx.tenant} and id = ${id}`.execute(tx.sql);
}

/**
 * All that live below a task which the caller has locked: locked too, in their order, until none of
 * them has children that are missing here. What they carry is not among it.
 */
export async function lockBelow(tx: TenantTx, id: string): Promise<Stored[]> {
  const found: Stored[] = [];
  for (;;) {
    const known = found.map(({ live }) => live.id);
    const { rows } = await sql<TaskKey>`/*task.below*/ select t.tenant_id as tenant, t.id
      from task t where t.tenant_id = ${tx.tenant} and t.id <> all(${known}::text[]) and t.id in (
        with recursive below (id) as (
          select c.id from task c where c.tenant_id = ${tx.tenant} and c.parent_id = ${id}
          union all
          select c.id from below b
          join task c on c.tenant_id = ${tx.tenant} and c.parent_id = b.id
        ) select b.id from below b)
      order by t.id for update of t`.execute(tx.sql);
    if (rows.length === 0) return found;
    for (let at = 0; at < rows.length; at += readMax) {
      const some = await lockTasks(tx.sql, rows.slice(at, at + readMax));
      found.push(...[...some.values()].map(withoutPayload));
    }
  }
}

/** How many children of a task have not ended, and how many of those are at work. */
export async function countChildren(
  tx: TenantTx,
  id: string,
): Promise<{ readonly open: number; readonly working: number }> {
  const { rows } = await sql<{ open: number; working: number }>`/*task.children*/
    select count(*)::float8 as open,
           count(*) filter (where t.state = ${TaskState.WORKING})::float8 as working
    from task t where t.tenant_id = ${tx.tenant} and t.parent_id = ${id}`.execute(tx.sql);
  return rows[0] ?? { open: 0, working: 0 };
}
