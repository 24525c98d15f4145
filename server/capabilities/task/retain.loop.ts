import type { Loop } from "../../runtime/capability.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { hourly } from "../../runtime/storage/upkeep.ts";
import type { Crews } from "./crews.loop.ts";
import { forgetLines } from "./line.store.ts";
import { forgetQueues } from "./queue.idle.store.ts";
import { addTaskDays, dropTaskDays, forgetLanes } from "./retain.store.ts";

/** Keeps what tasks leave behind within its bounds, now and every hour. */
export function retainLoop(
  storage: Storage,
  keepDays: () => number,
  crews: Pick<Crews, "attended">,
): Loop {
  return hourly(storage, "task.retain", async () => {
    await addTaskDays(storage);
    await dropTaskDays(storage, keepDays());
    await forgetLines(storage);
    await forgetQueues(storage, keepDays(), crews.attended());
    await forgetLanes(storage);
  });
}
