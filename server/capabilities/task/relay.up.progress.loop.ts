import { backoffMs, reconnectBackoff } from "@foedus/kernel/backoff.ts";
import type { Loop } from "../../runtime/capability.ts";
import type { Handing, UpKit } from "./relay.up.book.flow.ts";
import { findAbove } from "./relay.up.flow.ts";

/** How often the parent is asked how far one of the tasks is, each in turn. */
const lookMs = 500;

/** Asks how far what was handed up has come: how it ends is heard elsewhere. */
export function handedProgressLoop({ hub }: UpKit, book: Handing): Loop {
  const { parent, world, log } = hub;
  return {
    name: "task.hand_up_progress",
    async run(signal) {
      let [attempt, last] = [0, ""];
      while (!signal.aborted) {
        const line = await parent.line(signal);
        if (line === undefined) return;
        try {
          const open = book.followed();
          const ids = [...open.keys()].toSorted();
          last = ids.find((id) => id > last) ?? ids[0] ?? "";
          const upper = last === "" ? undefined : await findAbove(line, last, signal);
          const one = open.get(last);
          if (one !== undefined && upper !== undefined) await book.progress(one, upper);
          attempt = 0;
          await world.timers.sleep(lookMs, signal);
        } catch (error) {
          attempt += 1;
          if (signal.aborted) return;
          if (attempt === 1) log.warn("the parent does not say how far tasks are", { error });
          await world.timers.sleep(backoffMs(reconnectBackoff, attempt, world.random), signal);
        }
      }
    },
  };
}
