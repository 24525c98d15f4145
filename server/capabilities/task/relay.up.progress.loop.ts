import type { Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { backoffMs, reconnectBackoff } from "@foedus/kernel/backoff.ts";
import { handedName, isHanded } from "@foedus/kernel/task/relay.ts";
import type { Loop } from "../../runtime/capability.ts";
import type { ParentLine } from "../../runtime/parent.ts";
import type { Handing, UpKit } from "./relay.up.book.flow.ts";
import { callOffAbove, livingAbove, pageSize } from "./relay.up.flow.ts";

/** How often the parent is asked how far tasks are; of more than a page it takes so much longer. */
const lookMs = 500;
/** How often it is looked whether something goes on up there that nobody here knows of. */
const straysMs = 3_600_000;

/** Asks how far what was handed up has come, and calls off what lives up there for nobody. */
export function handedProgressLoop({ hub }: UpKit, book: Handing): Loop {
  const { parent, world, log, identity } = hub;
  return {
    name: "task.hand_up_progress",
    async run(signal) {
      let [attempt, lookedMs] = [0, -Infinity];
      while (!signal.aborted) {
        const line = await parent.line(signal);
        if (line === undefined) return;
        const nowMs = world.clock.monotonic();
        const isForStrays = nowMs - lookedMs >= straysMs;
        try {
          const open = book.followed();
          if (isForStrays || open.size > 0) {
            const living = await livingAbove(line, identity.hubId, signal);
            for (const [id, lives] of living) {
              const one = open.get(id);
              if (one !== undefined) await book.progress(one, lives);
            }
            if (isForStrays) await endStrays(hub, book, line, living, signal);
          }
          if (isForStrays) lookedMs = nowMs;
          attempt = 0;
          const turns = 1 + Math.floor(open.size / pageSize);
          await world.timers.sleep(turns * lookMs, signal);
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

/** What this process handed up before it forgot: a database put back, or rows that others removed. */
async function endStrays(
  { log }: UpKit["hub"],
  book: Handing,
  line: ParentLine,
  living: ReadonlyMap<string, Task>,
  signal: AbortSignal,
): Promise<void> {
  for (const { id, spec, cancellation } of living.values()) {
    const name = spec?.uniqueKey ?? "";
    // Asked for each: it is noted before it is submitted, and forgotten after it ended.
    const isKnown = book.all().some((open) => handedName(open) === name);
    if (isKnown || cancellation !== undefined || !isHanded({ uniqueKey: name })) continue;
    log.warn("a task at the parent is called off: nobody here knows of it", { task: id });
    await callOffAbove(line, id, signal);
  }
}
