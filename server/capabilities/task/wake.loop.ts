import type { Loop } from "../../runtime/capability.ts";
import type { Log } from "../../runtime/log.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { News } from "./news.flow.ts";
import { wakeTasks } from "./wake.store.ts";

/** How late a task may be looked at whose time has come. */
const lookMs = 200;
const tasksMax = 500;

/** Looks at tasks whose time has come; several hubs share the work. */
export function wakeLoop(storage: Storage, news: News, log: Log): Loop {
  return {
    name: "task.wake",
    async run(signal) {
      while (!signal.aborted) {
        const woken = await wakeTasks(storage, tasksMax);
        // Before they are ready for others: whoever held them has room again.
        news.takenBack(woken.takenBack);
        news.saved(woken);
        for (const { key, error } of woken.aside) {
          const { tenant, id: task } = key;
          log.warn("a task could not be woken: it is left alone for minutes", {
            tenant,
            task,
            error,
          });
        }
        if (woken.count < tasksMax) await storage.world.timers.sleep(lookMs, signal);
      }
    },
  };
}
