import { TaskEndedSchema } from "@foedus/gen/foedus/task/v1/task_event_pb.js";
import { fact } from "@foedus/kernel/change.ts";
import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";
import type { Loop } from "../../runtime/capability.ts";
import { tell } from "../../runtime/storage/outbox.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { takeTally, tallied, type Alike } from "./tally.store.ts";

/** What ended alike within so long is told together. */
const gatherMs = 1_000;
/** Counts that go into one transaction. */
const countsMax = 1_000;

/** Tells what ended since it was told last: each task once, whichever hub does it. */
export async function tellEnded(storage: Storage): Promise<void> {
  for (const name of await tallied(storage)) {
    const tenant = tenantProved(name);
    while ((await tellSome(storage, tenant)) >= countsMax);
  }
}

async function tellSome(storage: Storage, tenant: TenantId): Promise<number> {
  return await storage.tenant(tenant, async (tx) => {
    const all = await takeTally(tx, countsMax);
    await tell(tx, all.map(factOf));
    return all.length;
  });
}

function factOf({ queue, kind, state, nodeId, reason, count, taskId: last }: Alike) {
  const taskId = count === 1 ? last : "";
  return fact(TaskEndedSchema, taskId || queue, {
    queue,
    kind,
    state,
    nodeId,
    count,
    taskId,
    reason,
  });
}

/** Tells again and again. */
export function tallyLoop(storage: Storage): Loop {
  return {
    name: "task.tally",
    async run(signal) {
      while (!signal.aborted) {
        await storage.world.timers.sleep(gatherMs, signal);
        if (!signal.aborted) await tellEnded(storage);
      }
    },
  };
}
