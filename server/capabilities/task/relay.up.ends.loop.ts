import { TaskState, type Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { backoffMs, reconnectBackoff } from "@foedus/kernel/backoff.ts";
import { wordBelow } from "@foedus/kernel/task/relay.ts";
import { hasEnded } from "@foedus/kernel/task/standing.ts";
import type { Loop } from "../../runtime/capability.ts";
import type { ParentLine } from "../../runtime/parent.ts";
import type { Handing, Open, UpKit } from "./relay.up.book.flow.ts";
import { answerOf, endsAbove, forgotten } from "./relay.up.flow.ts";

/** How late what was handed up meanwhile may be waited for, too. */
const lookMs = 500;

/** From one call to the next at least: what ends meanwhile comes together. */
const gatherMs = 200;

interface Kit {
  readonly hub: Pick<UpKit["hub"], "parent" | "world" | "log">;
}

type Shelf = Pick<Handing, "rests" | "followed" | "end">;

/** Hears from the parent how what was handed up has ended: one call waits for all of it. */
export function handedEndsLoop({ hub }: Kit, book: Shelf): Loop {
  const { parent, world, log } = hub;
  return {
    name: "task.hand_up_ends",
    async run(signal) {
      let attempt = 0;
      let wasCut = false;
      while (!signal.aborted) {
        const line = await parent.line(signal);
        if (line === undefined) return;
        try {
          const isIdle = line.signal.aborted || book.followed().size === 0;
          if (isIdle) await world.timers.sleep(lookMs, signal);
          else {
            wasCut = await hear(hub, book, { line, isWaiting: !wasCut }, signal);
            await world.timers.sleep(gatherMs, signal);
          }
          attempt = 0;
          book.rests.silence = "";
        } catch (error) {
          attempt += 1;
          if (signal.aborted) return;
          const { means, text } = answerOf(error);
          book.rests.silence = means === "line" ? "" : text;
          if (attempt === 1) log.warn("the parent does not say what has ended", { error });
          await world.timers.sleep(backoffMs(reconnectBackoff, attempt, world.random), signal);
        }
      }
    },
  };
}

interface Call {
  readonly line: ParentLine;
  /** It waits for the first end, and is cut when there is more to wait for; or else neither. */
  readonly isWaiting: boolean;
}

/**
 * One call. Returns whether it was cut: what has ended is asked for at once then, by a call that
 * nothing cuts, since over a slow line more may be handed up before any call is answered.
 */
async function hear(
  { world }: Kit["hub"],
  book: Shelf,
  { line, isWaiting }: Call,
  signal: AbortSignal,
): Promise<boolean> {
  const known = book.followed();
  const over = new AbortController();
  const gone = AbortSignal.any([signal, line.signal, over.signal]);
  const isGrown = () => isWaiting && [...book.followed().keys()].some((id) => !known.has(id));
  const grown = (async () => {
    while (!gone.aborted && !isGrown()) await world.timers.sleep(lookMs, gone);
    over.abort();
    return undefined;
  })();
  try {
    const ends = endsAbove(line, [...known.keys()], { isWaiting, signal: gone });
    const answer = await Promise.race([grown, ends]);
    if (answer === undefined) {
      ends.catch(() => undefined);
      return true;
    }
    const ended = answer.tasks.map((upper): End => [known.get(upper.id), upper]);
    const unknown = answer.unknownIds.map((id): End => [known.get(id), undefined]);
    const problems: unknown[] = [];
    // Whatever is wrong with one keeps no other waiting.
    for (const end of [...ended, ...unknown]) {
      await conclude(book, end).catch((error: unknown) => problems.push(error));
    }
    if (problems.length > 0) throw problems[0];
    return false;
  } finally {
    over.abort();
  }
}

type End = readonly [Open | undefined, Task | undefined];

async function conclude(book: Shelf, [open, upper]: End): Promise<void> {
  const { state = TaskState.FAILED } = upper ?? {};
  if (open === undefined || !hasEnded({ state })) return;
  const spent = Number(upper?.spec?.budget?.spent ?? 0n);
  const word = upper === undefined ? undefined : wordBelow(upper);
  await book.end(open, word ?? { case: "failure", failure: forgotten }, spent);
}
