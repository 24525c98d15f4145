import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { sql } from "kysely";
import type { SweepTx } from "../../runtime/storage/storage.ts";
import type { TaskKey } from "./lock.store.ts";

/** When a task is looked at again that could not be woken: others come first until then. */
export const asideMs = 5 * 60_000;

/** Data, constraints, and limits of the database: the same row fails the same way again. */
const ofValues = /^(22|23|54)/;

/** Whether work failed for what is stored, and not for who else is at work or for the database. */
export function isOfValues(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof Fault) return error.reason === Reason.INVALID_REQUEST;
  return !("code" in error) || ofValues.test(String(error.code));
}

/** Leaves a task that cannot be woken alone for minutes, and the claim that holds it. */
export async function putAside(tx: SweepTx, { tenant, id }: TaskKey): Promise<void> {
  const wakeMs = tx.nowMs + asideMs;
  await sql`/*task.aside*/ update task set wake_ms = ${wakeMs}
    where tenant_id = ${tenant} and id = ${id} and wake_ms <= ${tx.nowMs}`.execute(tx.sql);
  await sql`/*task.aside_claim*/ update task_claim set wake_ms = ${wakeMs}
    where tenant_id = ${tenant} and ${id} = any(ids)
      and wake_ms <= ${tx.nowMs}`.execute(tx.sql);
}
