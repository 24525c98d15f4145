import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { TaskService, WaitTasksRequest } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { hasEnded } from "@foedus/kernel/task/standing.ts";
import { callerOf } from "../../runtime/caller.ts";
import type { Hub } from "../../runtime/capability.ts";
import { Awaited } from "./awaited.flow.ts";
import { shownTo } from "./own.ts";
import { patienceMs } from "./patience.flow.ts";
import { taskOf } from "./row.store.ts";
import type { Watches } from "./watch.loop.ts";

/** What ends within so long after the first one goes with it. */
const gatherMs = 20;
/** What one answer carries, and what a task takes of it besides what is stored of it. */
const answerBytesMax = 1_048_576;
const frameBytes = 512;
/** Calls of one caller that wait at a time. */
export const waitsMax = 64;
/** When to come again who has too many. */
const againMs = 1_000;

interface WaitKit {
  readonly hub: Pick<Hub, "config" | "draining" | "world">;
  readonly watches: Watches;
}

/** Waits for the ends of many tasks at once. */
export function waitRpc(kit: WaitKit): Pick<ServiceImpl<typeof TaskService>, "waitTasks"> {
  const waits = new Map<string, number>();
  return {
    async waitTasks(request, context) {
      const caller = callerOf(context);
      const key = `${caller.tenant}/${caller.id}`;
      const count = waits.get(key) ?? 0;
      if (count >= waitsMax) throw tooMany();
      waits.set(key, count + 1);
      const awaited = new Awaited(kit.watches, caller.tenant, request.taskIds);
      try {
        await wait(kit, awaited, request, context);
        const tasks = await endedOf(kit.watches, caller, awaited);
        return { tasks, unknownIds: [...awaited.unknown] };
      } finally {
        awaited.stop();
        const left = (waits.get(key) ?? 1) - 1;
        if (left === 0) waits.delete(key);
        else waits.set(key, left);
      }
    },
  };
}

function tooMany(): Fault {
  const facts = { limit: `${waitsMax} at a time`, rate_class: "waits", retry_ms: againMs };
  return new Fault(Reason.RATE_LIMITED, facts);
}

/** Until there is something to answer, the wait is over, or the hub stops. */
async function wait(
  { hub }: WaitKit,
  awaited: Awaited,
  { taskIds, wait }: WaitTasksRequest,
  context: HandlerContext,
): Promise<void> {
  const { timers } = hub.world;
  const over = new AbortController();
  const waitMs = patienceMs(hub, context, wait);
  const patience = AbortSignal.any([context.signal, hub.draining, over.signal]);
  const timer = timers.after(waitMs, () => over.abort());
  if (waitMs === 0) over.abort();
  try {
    await awaited.look();
    while (!awaited.hasNews && !patience.aborted) {
      await awaited.stirred(patience);
      if (taskIds.length > 1) await timers.sleep(gatherMs, patience);
      await awaited.look();
    }
  } finally {
    timer.cancel();
    // Whatever follows the hub's own signals would be kept as long as they are.
    over.abort();
  }
}

/** Those that have ended, as many as one answer carries. */
async function endedOf(watches: Watches, caller: Caller, { ended }: Awaited): Promise<Task[]> {
  const ids: string[] = [];
  let bytes = 0;
  for (const [id, size] of ended) {
    bytes += size + frameBytes;
    if (ids.length > 0 && bytes > answerBytesMax) break;
    ids.push(id);
  }
  const all = await Promise.all(ids.map((id) => watches.find({ tenant: caller.tenant, id })));
  return all.flatMap((found) => {
    if (found === undefined || !hasEnded(found.stored.live.standing)) return [];
    return [shownTo(caller, taskOf(found.stored, found.waitsFor))];
  });
}
