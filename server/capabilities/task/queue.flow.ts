import { create } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { QueueSchema, type Queue } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Crews } from "./crews.loop.ts";
import { figuresOf } from "./figure.store.ts";
import type { Pace } from "./pace.loop.ts";
import { countQueues, settingsOf, type QueueCounts } from "./queue.store.ts";

/** What looking at queues takes. */
export interface QueueKit {
  readonly storage: Storage;
  readonly crews: Crews;
  readonly pace: Pace;
}

/** Which queues: those named, or a page. */
export type Which =
  | { readonly names: readonly string[] }
  | { readonly after: string; readonly limit: number };

/** Queues as they stand, by name. */
export async function queuesOf(kit: QueueKit, tenant: TenantId, which: Which): Promise<Queue[]> {
  return await kit.storage.tenant(tenant, (tx) => queuesIn(kit, tx, which));
}

/** The same within a transaction. */
export async function queuesIn(kit: QueueKit, tx: TenantTx, which: Which): Promise<Queue[]> {
  const counts = await countQueues(tx.sql, tx.tenant, which);
  const names = counts.map(({ queue }) => queue);
  const settings = await settingsOf(tx.sql, tx.tenant, names);
  const figures = new Map((await figuresOf(tx, names)).map((each) => [each.queue, each]));
  const staffing = await kit.crews.staffing(tx, names);
  return counts.map((count) => {
    const { queue } = count;
    const { failed = 0, oldestMs } = figures.get(queue) ?? {};
    const speed = kit.pace.speedOf(tx.tenant, queue, count);
    const { workers = 0, room = 0 } = staffing.get(queue) ?? {};
    const { waitMedianMs } = speed;
    return create(QueueSchema, {
      name: queue,
      settings: settings.get(queue) ?? {},
      ...shown(count),
      failed: BigInt(failed),
      oldestReadyTime: oldestMs === undefined ? undefined : timestampFromMs(oldestMs),
      submittedPerMinute: speed.submittedPerMinute,
      completedPerMinute: speed.completedPerMinute,
      workers,
      room,
      waitMedian: waitMedianMs === undefined ? undefined : durationFromMs(waitMedianMs),
    });
  });
}

/** Those who count at the same time may see each other's halves: never below nothing. */
function shown({ ready, scheduled, blocked, working }: QueueCounts) {
  const of = (count: number) => BigInt(Math.max(0, count));
  return {
    ready: of(ready),
    scheduled: of(scheduled),
    blocked: of(blocked),
    working: of(working),
  };
}
