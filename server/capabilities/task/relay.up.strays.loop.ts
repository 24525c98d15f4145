import { handedName, isHanded } from "@foedus/kernel/task/relay.ts";
import type { Loop } from "../../runtime/capability.ts";
import type { ParentLine } from "../../runtime/parent.ts";
import type { Handing, UpKit } from "./relay.up.book.flow.ts";
import { callOffAbove, livingAbove } from "./relay.up.flow.ts";

/** How often it is looked whether something goes on up there that nobody here knows of. */
const straysMs = 3_600_000;
/** When that is looked at again after it failed. */
const againMs = 60_000;
/** Between two questions: the parent looks through all that lives there. */
const restMs = 500;

/**
 * Calls off what this process handed up and forgot, so that nobody up there works for nothing: its
 * database was put back, or another process removed what it had left behind.
 */
export function handedStraysLoop({ hub }: UpKit, book: Handing): Loop {
  const { parent, world, log } = hub;
  return {
    name: "task.hand_up_strays",
    async run(signal) {
      while (!signal.aborted) {
        const line = await parent.line(signal);
        if (line === undefined) return;
        try {
          await endStrays(hub, book, line, signal);
          await world.timers.sleep(straysMs, signal);
        } catch (error) {
          if (!signal.aborted) log.debug("the parent does not say what lives there", { error });
          await world.timers.sleep(againMs, signal);
        }
      }
    },
  };
}

async function endStrays(
  { world, identity, log }: UpKit["hub"],
  book: Handing,
  line: ParentLine,
  signal: AbortSignal,
): Promise<void> {
  const rest = () => world.timers.sleep(restMs, signal);
  for await (const { id, spec, cancellation } of livingAbove(line, identity.hubId, rest, signal)) {
    const name = spec?.uniqueKey ?? "";
    // Asked for each: it is noted before it is submitted, and forgotten after it ended.
    const isKnown = book.all().some((open) => handedName(open) === name);
    if (isKnown || cancellation !== undefined || !isHanded({ uniqueKey: name })) continue;
    log.warn("a task at the parent is called off: nobody here knows of it", { task: id });
    await callOffAbove(line, id, signal);
    await rest();
  }
}
