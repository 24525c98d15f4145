import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  WatchTaskRequest,
  WatchTaskResponseSchema,
} from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { hasEnded } from "@foedus/kernel/task/standing.ts";
import type { TaskKit } from "./kit.flow.ts";
import { shownTo } from "./own.ts";
import { taskOf } from "./row.store.ts";
import { findOne } from "./task.rpc.ts";
import type { Watches } from "./watch.loop.ts";

type Item = MessageInitShape<typeof WatchTaskResponseSchema>;

/** Progress comes often: of several changes within so long the last one is told. */
const paceMs = 100;

/** A task at each change, at the pace of whoever reads, until it has ended. */
export async function* watchTask(
  kit: TaskKit & { readonly watches: Watches },
  caller: Caller,
  { taskId, revision }: WatchTaskRequest,
  signal: AbortSignal,
): AsyncGenerator<Item, void, void> {
  const { storage, world } = kit.hub;
  let known = Number(revision);
  while (!signal.aborted) {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    // Listens before it looks: nothing that happens in between is missed.
    const changed = kit.watches.next({ tenant: caller.tenant, id: taskId }, known, either);
    try {
      const { stored, waitsFor } = await findOne(storage, caller, taskId);
      const { standing } = stored.live;
      if (standing.revision > known) {
        known = standing.revision;
        yield { task: shownTo(caller, taskOf(stored, waitsFor)) };
        if (hasEnded(standing)) return;
        await world.timers.sleep(paceMs, signal);
        continue;
      }
      if (hasEnded(standing)) return;
      await changed;
    } finally {
      over.abort();
    }
  }
}
