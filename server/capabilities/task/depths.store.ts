import { sql } from "kysely";
import type { Storage } from "../../runtime/storage/storage.ts";

/** A queue that somebody waits at. */
export interface QueueKey {
  readonly tenant: string;
  readonly queue: string;
}

/** What tells whether it is worth asking a queue again. */
export interface Depth extends QueueKey {
  readonly ready: number;
  readonly submitted: number;
  readonly paused: boolean;
}

/** How queues stand, all in one statement. */
export async function depthsOf(storage: Storage, keys: readonly QueueKey[]): Promise<Depth[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<Depth>`/*task.depths*/
    select k.tenant, k.queue, coalesce(sum(c.ready), 0)::float8 as ready,
           coalesce(sum(c.submitted), 0)::float8 as submitted,
           coalesce(bool_or(q.paused), false) as paused
    from unnest(${keys.map(({ tenant }) => tenant)}::text[],
      ${keys.map(({ queue }) => queue)}::text[]) as k (tenant, queue)
    left join task_count c on c.tenant_id = k.tenant and c.queue = k.queue
    left join task_queue q on q.tenant_id = k.tenant and q.name = k.queue
    group by k.tenant, k.queue`.execute(storage.sweeper);
  return rows;
}
