import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  QueueSettingsSchema,
  type QueueSettings,
} from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { batchTasksMax, depthMaxDefault } from "@foedus/kernel/task/limits.ts";
import { sql } from "kysely";
import { fromBody } from "../../runtime/storage/body.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { demandQueues, oneByOne } from "./queue.limit.store.ts";
import type { Stored } from "./row.store.ts";

/** So many whole batches may be on their way at once, over all hubs, and still be foreseen. */
const batchesMax = 32;
/** Nearer to its limit than this, a queue is submitted to one after the other. */
const nearTasks = batchesMax * batchTasksMax;

/** A queue, as far as submitting to it matters. */
interface Room {
  /** Whether it is there already: anything was counted in it, or somebody set it. */
  readonly isKnown: boolean;
  readonly depth: number;
  readonly settings: QueueSettings | undefined;
}

/**
 * Refuses what is more than its queue takes, and returns the settings of the queues. Those who
 * submit at the same time do not see each other's tasks: near the limit they wait for each other.
 *
 * @throws Fault TASK_QUEUE_LIMIT, TASK_QUEUE_FULL.
 */
export async function checkDepth(
  tx: TenantTx,
  tasks: readonly Stored[],
): Promise<Map<string, QueueSettings>> {
  const more = Map.groupBy(tasks, ({ queue }) => queue);
  const rooms = await roomsOf(tx, [...more.keys()]);
  const fresh = [...rooms].flatMap(([queue, { isKnown }]) => (isKnown ? [] : [queue]));
  if (fresh.length > 0) await demandQueues(tx, fresh);
  const near = [...rooms].flatMap(([queue, room]) => {
    const expected = room.depth + (more.get(queue)?.length ?? 0);
    return expected + nearTasks > limitOf(room) ? [queue] : [];
  });
  if (near.length > 0) {
    await oneByOne(
      tx,
      near.map((name) => `depth/${name}`),
    );
    for (const [queue, room] of await roomsOf(tx, near)) rooms.set(queue, room);
  }
  for (const [queue, room] of rooms) {
    const { depth } = room;
    const limit = limitOf(room);
    if (depth + (more.get(queue)?.length ?? 0) > limit) {
      throw new Fault(Reason.TASK_QUEUE_FULL, { queue, depth, limit });
    }
  }
  return new Map(
    [...rooms].flatMap(([queue, { settings }]) =>
      settings === undefined ? [] : [[queue, settings]],
    ),
  );
}

function limitOf({ settings }: Room): number {
  return settings?.depthMax || depthMaxDefault;
}

interface RoomRow {
  readonly name: string;
  readonly depth: number | null;
  readonly body: Buffer | null;
}

async function roomsOf(tx: TenantTx, names: readonly string[]): Promise<Map<string, Room>> {
  const { rows } = await sql<RoomRow>`/*task.depth*/
    select k.name, q.body, d.depth from unnest(${names}::text[]) as k (name)
    cross join lateral (
      select sum(c.ready + c.scheduled + c.blocked)::float8 as depth from task_count c
      where c.tenant_id = ${tx.tenant} and c.queue = k.name
    ) as d
    left join task_queue q on q.tenant_id = ${tx.tenant} and q.name = k.name`.execute(tx.sql);
  return new Map(
    rows.map(({ name, depth, body }) => {
      const settings = body === null ? undefined : fromBody(QueueSettingsSchema, body);
      const isKnown = depth !== null || settings !== undefined;
      return [name, { isKnown, depth: depth ?? 0, settings }];
    }),
  );
}
