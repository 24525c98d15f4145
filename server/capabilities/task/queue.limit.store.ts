import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { queuesMax } from "@foedus/kernel/task/limits.ts";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";

/**
 * Lets queues come to be, unless the tenant has as many as it may. Until the transaction ends nobody
 * else makes one: those who do so at the same time do not see each other's.
 *
 * @throws Fault TASK_QUEUE_LIMIT.
 */
export async function demandQueues(tx: TenantTx, names: readonly string[]): Promise<void> {
  const key = `queues/${tx.tenant}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx.sql);
  const { rows } = await sql<{ count: number; fresh: string[] }>`/*task.queue_limit*/
    with known as (
      select c.queue as name from task_count c where c.tenant_id = ${tx.tenant}
      union select q.name from task_queue q where q.tenant_id = ${tx.tenant}
    )
    select (select count(*) from known)::float8 as count, array(
      select w.name from unnest(${names}::text[]) as w (name) except select k.name from known k
    ) as fresh`.execute(tx.sql);
  const { count = 0, fresh = [] } = rows[0] ?? {};
  const [queue] = fresh;
  if (queue !== undefined && count + fresh.length > queuesMax) {
    throw new Fault(Reason.TASK_QUEUE_LIMIT, { queue, limit: queuesMax });
  }
}
