import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { depthMaxDefault } from "@foedus/kernel/task/limits.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { countQueues, settingsOf } from "./queue.store.ts";
import type { Stored } from "./row.store.ts";

/**
 * Refuses what is more than its queue takes. Those who submit at the same time do not see each
 * other's tasks, so a queue may end up a batch of each above its limit.
 *
 * @throws Fault TASK_QUEUE_FULL.
 */
export async function checkDepth(tx: TenantTx, tasks: readonly Stored[]): Promise<void> {
  const names = [...new Set(tasks.map(({ queue }) => queue))];
  const settings = await settingsOf(tx.sql, tx.tenant, names);
  const counts = await countQueues(tx.sql, tx.tenant, { names });
  for (const queue of names) {
    const count = counts.find((each) => each.queue === queue);
    const { ready = 0, scheduled = 0, blocked = 0 } = count ?? {};
    const depth = ready + scheduled + blocked;
    const limit = settings.get(queue)?.depthMax || depthMaxDefault;
    const more = tasks.filter((task) => task.queue === queue).length;
    if (depth + more > limit) {
      throw new Fault(Reason.TASK_QUEUE_FULL, { queue, depth, limit });
    }
  }
}
