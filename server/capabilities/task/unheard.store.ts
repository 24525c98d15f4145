import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { hex } from "@foedus/kernel/bytes.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { newUuid } from "@foedus/kernel/ids.ts";
import type { Random } from "@foedus/kernel/world.ts";
import { sql } from "kysely";
import { onDeadlockAgain } from "../../runtime/storage/again.ts";
import type { Storage } from "../../runtime/storage/storage.ts";

const working = sql.raw(String(TaskState.WORKING));
/** More than a worker holds. */
const limit = 1_000;

/** A worker that tasks are given to over a stream. */
export interface StreamWorker {
  readonly nodeId: string;
  readonly queue: string;
  readonly name: string;
}

/** A hold by its task. */
export interface Given {
  readonly id: string;
  readonly fence: number;
}

/** A new claim over a worker's stream: by their ids all of one worker stand together. */
export function streamClaimId(worker: StreamWorker, random: Random): string {
  const head = headOf(worker);
  return head + newUuid(random).slice(head.length);
}

/**
 * What a worker was given over its streams before a time, and what nobody has said a word of since,
 * not even that it goes on.
 */
export async function unheardOf(
  storage: Storage,
  tenant: string,
  worker: StreamWorker,
  beforeMs: number,
): Promise<Given[]> {
  const head = headOf(worker);
  const [first, last] = [`${head}-0000-000000000000`, `${head}-ffff-ffffffffffff`];
  const { rows } = await sql<Given>`/*task.unheard*/ select t.id, t.hold_fence as fence
    from task_claim c cross join lateral unnest(c.ids) as i (id)
    join task t on t.tenant_id = c.tenant_id and t.id = i.id
    where c.tenant_id = ${tenant} and c.claim_id between ${first}::uuid and ${last}::uuid
      and t.state = ${working} and t.claim_id = c.claim_id and t.claim_ms < ${beforeMs}
      and t.node_id = ${worker.nodeId} and t.queue = ${worker.queue} and t.worker = ${worker.name}
      and t.lease_ms <= t.claim_ms + t.heartbeat_ms
    limit ${limit}`.execute(storage.hot);
  return rows;
}

/**
 * Ends leases of such holds now, as if their time had come: whoever said a word of one meanwhile
 * keeps it. Attempts count, for nobody knows whether they began.
 */
export async function endLeases(
  storage: Storage,
  tenant: string,
  given: readonly Given[],
): Promise<void> {
  if (given.length === 0) return;
  const nowMs = storage.nowMs();
  await onDeadlockAgain(() =>
    sql`with ended as (
        update task t set lease_ms = ${nowMs}
        from unnest(${given.map(({ id }) => id)}::text[],
          ${given.map(({ fence }) => fence)}::integer[]) as g (id, fence)
        where t.tenant_id = ${tenant} and t.id = g.id and t.state = ${working}
          and t.hold_fence = g.fence and t.lease_ms <= t.claim_ms + t.heartbeat_ms
        returning t.claim_id
      )
      update task_claim c set wake_ms = least(c.wake_ms, ${nowMs})
      where c.tenant_id = ${tenant} and c.claim_id in (select e.claim_id from ended e)`.execute(
      storage.hot,
    ),
  );
}

/** The half of a UUID that says whose claim it is. */
function headOf({ nodeId, queue, name }: StreamWorker): string {
  const digits = hex(sha256(JSON.stringify([nodeId, queue, name])));
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16)].join("-");
}
