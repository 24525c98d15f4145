import { QueueSettingsSchema } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { allowance, nextAllowedMs } from "@foedus/kernel/task/rate.ts";
import { sql } from "kysely";
import { fromBody } from "../../runtime/storage/body.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { Claim } from "./claim.store.ts";

const minuteMs = 60_000;

/** What the rate of a queue lets pass. */
export interface Allowance {
  readonly allowed: number;
  /** In how many milliseconds more would pass; undefined where all that was wanted does. */
  readonly againMs: number | undefined;
}

/** How many claims the rate of a queue lets pass now, which count from then on. */
export async function takeAllowance(
  storage: Storage,
  { tenant, queue }: Pick<Claim, "tenant" | "queue">,
  wanted: number,
): Promise<Allowance> {
  return await storage.tenant(tenant, async (tx) => {
    const { rows } = await sql<{ due_ms: number; body: Buffer }>`
      select due_ms, body from task_queue where tenant_id = ${tenant} and name = ${queue}
      for update`.execute(tx.sql);
    const [row] = rows;
    const rate = row && fromBody(QueueSettingsSchema, row.body).rate;
    if (row === undefined || rate === undefined || rate.perMinute === 0) {
      return { allowed: wanted, againMs: undefined };
    }
    const { allowed, dueMs } = allowance(rate, row.due_ms, wanted, tx.nowMs);
    await sql`update task_queue set due_ms = ${dueMs}
      where tenant_id = ${tenant} and name = ${queue}`.execute(tx.sql);
    const nextMs = allowed < wanted ? nextAllowedMs(rate, dueMs, tx.nowMs) : undefined;
    return { allowed, againMs: nextMs && nextMs - tx.nowMs };
  });
}

/** What was let pass and found no task does not count. */
export async function giveBack(
  storage: Storage,
  { tenant, queue }: Pick<Claim, "tenant" | "queue">,
  count: number,
): Promise<void> {
  if (count <= 0) return;
  await storage.tenant(tenant, async (tx) => {
    await sql`update task_queue set due_ms = due_ms - ${minuteMs * count}::float8 / per_minute
      where tenant_id = ${tenant} and name = ${queue} and per_minute > 0`.execute(tx.sql);
  });
}
