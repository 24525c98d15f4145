import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Parent } from "@foedus/kernel/task/child.ts";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { keyOf, lockTasks } from "./lock.store.ts";

/**
 * The task that new ones are to be children of, locked until the transaction ends.
 *
 * @throws Fault TASK_PARENT_NOT_HELD unless this node holds it.
 */
export async function lockParent(tx: TenantTx, id: string, nodeId: string): Promise<Parent> {
  const key = { tenant: tx.tenant, id };
  const stored = (await lockTasks(tx.sql, [key])).get(keyOf(key));
  const standing = stored?.live.standing;
  const isHeld = standing?.state === TaskState.WORKING && standing.attempt?.nodeId === nodeId;
  if (stored === undefined || standing === undefined || !isHeld) {
    throw new Fault(Reason.TASK_PARENT_NOT_HELD, { task: id });
  }
  return { id, spec: stored.spec, untilMs: standing.untilMs, spent: standing.spent };
}

/** Takes what children are given off their parent's budget, which the caller has locked. */
export async function chargeParent(tx: TenantTx, id: string, taken: number): Promise<void> {
  if (taken === 0) return;
  await sql`update task set spent = spent + ${taken}, revision = revision + 1
    where tenant_id = ${tx.tenant} and id = ${id}`.execute(tx.sql);
}
