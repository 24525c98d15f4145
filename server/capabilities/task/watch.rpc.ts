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
import { unknownTask } from "./task.rpc.ts";
import type { Watches } from "./watch.loop.ts";

type Item = MessageInitShape<typeof WatchTaskResponseSchema>;

/** Progress comes often: of several changes within so long the last one is told. */
const paceMs = 100;

/** A task at each change, at the pace of whoever reads, until it has ended. */
export async function* watchTask(
  kit: { readonly hub: Pick<TaskKit["hub"], "world">; readonly watches: Watches },
  caller: Caller,
  { taskId, revision }: WatchTaskRequest,
  signal: AbortSignal,
): AsyncGenerator<Item, void, void> {
  const at = { tenant: caller.tenant, id: taskId };
  let known = Number(revision);
  while (!signal.aborted) {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    // Listens before it looks: nothing that happens in between is missed.
    const changed = kit.watches.next(at, known, either);
    try {
      const found = await kit.watches.find(at);
      if (found === undefined) throw unknownTask(taskId);
      const { stored, waitsFor } = found;
      const { standing } = stored.live;
      if (standing.revision > known) {
        known = standing.revision;
        yield { task: shownTo(caller, taskOf(stored, waitsFor)) };
        if (!hasEnded(standing)) await kit.hub.world.timers.sleep(paceMs, signal);
      }
      if (hasEnded(standing)) return;
      await changed;
    } finally {
      over.abort();
    }
  }
}
