import type { QueueRate } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { nextAllowedMs } from "@foedus/kernel/task/rate.ts";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";

/** When the rate of a queue lets the next task start; undefined when one may start now. */
export async function heldUntilMs(
  tx: TenantTx,
  queue: string,
  rate: QueueRate | undefined,
): Promise<number | undefined> {
  if (rate === undefined || rate.perMinute === 0) return undefined;
  const { rows } = await sql<{ due_ms: number }>`select due_ms from task_queue
    where tenant_id = ${tx.tenant} and name = ${queue}`.execute(tx.sql);
  const nextMs = nextAllowedMs(rate, rows[0]?.due_ms ?? 0, tx.nowMs);
  return nextMs > tx.nowMs ? nextMs : undefined;
}
