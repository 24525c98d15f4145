import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { queuesMax } from "@foedus/kernel/task/limits.ts";
import { sql } from "kysely";
import type { TenantTx } from "../../runtime/storage/storage.ts";

/** Until the transaction ends nobody else of the tenant who says one of these names goes on. */
export async function oneByOne(tx: TenantTx, names: readonly string[]): Promise<void> {
  const keys = names.map((name) => `${tx.tenant}/${name}`);
  await sql`select pg_advisory_xact_lock(k.key) from (
      select distinct hashtextextended(n.name, 0) as key from unnest(${keys}::text[]) as n (name)
      order by 1
    ) as k`.execute(tx.sql);
}

/**
 * Lets queues come to be, unless the tenant has as many as it may: one transaction after the other,
 * since those who make some at the same time do not see each other's.
 *
 * @throws Fault TASK_QUEUE_LIMIT.
 */
export async function demandQueues(tx: TenantTx, names: readonly string[]): Promise<void> {
  await oneByOne(tx, ["queues"]);
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
