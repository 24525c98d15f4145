import type { ParentLine } from "../../runtime/parent.ts";
import type { Hub } from "../../runtime/capability.ts";
import type { Handing, Open } from "./relay.up.book.flow.ts";
import { answerOf, submitAbove, type Answer } from "./relay.up.flow.ts";
import { unclearRestMs } from "./relay.up.rest.flow.ts";

/** So many of a queue are on their way up at a time, and so many of all are submitted in a turn. */
const risingMax = 100;
/** So often it is asked what became of a try for which nobody here waits any more. */
const lostTriesMax = 5;

type Shelf = Pick<Handing, "rests" | "all" | "end" | "forget" | "submitted">;
type Kit = Pick<Hub, "world" | "log">;

/** How many more of a queue may be on their way; what became of some is unclear is no measure. */
export function mayRise(book: Pick<Shelf, "rests" | "all">, queue: string): number {
  const rising = book.all().filter((open) => {
    return open.queue === queue && open.upperId === undefined && !open.lost;
  });
  const fresh = rising.filter(({ isTried }) => !isTried);
  return Math.min(risingMax - rising.length, book.rests.trustIn(queue) - fresh.length);
}

/** Submits what is to be submitted now: what may be up there already comes after all else. */
export async function rise(
  kit: Kit,
  book: Shelf,
  line: Pick<ParentLine, "client">,
  signal: AbortSignal,
): Promise<void> {
  const nowMs = kit.world.clock.monotonic();
  const due = book.all().filter(({ queue, upperId, lost, isTried, askMs }) => {
    const isOver = lost && !isTried;
    if (upperId !== undefined || isOver || nowMs < askMs) return false;
    return book.rests.of(queue, nowMs) === undefined;
  });
  const fresh = due.filter(({ isTried }) => !isTried);
  const tried = due.filter(({ isTried }) => isTried);
  const rising = { kit, book, line, signal };
  for (const open of inTurn(fresh)) await submit(rising, open);
  for (const open of inTurn(tried)) {
    // Each may take as long as a call may: the next of them waits for another turn.
    if ((await submit(rising, open)) === "unsure") return;
  }
}

/** Of each queue one before two of any. */
function inTurn(all: readonly Open[]): Open[] {
  const byQueue = [...Map.groupBy(all, ({ queue }) => queue).values()];
  const most = Math.max(0, ...byQueue.map(({ length }) => length));
  const turns = Array.from({ length: most }, (_, at) => byQueue.flatMap((own) => own[at] ?? []));
  return turns.flat().slice(0, risingMax);
}

interface Rising {
  readonly kit: Kit;
  readonly book: Shelf;
  readonly line: Pick<ParentLine, "client">;
  readonly signal: AbortSignal;
}

/** Whatever is wrong with one queue, or with one task, keeps no other one at home. */
async function submit(rising: Rising, open: Open): Promise<Answer["means"] | undefined> {
  const { kit, book, line, signal } = rising;
  const { queue, isTried } = open;
  if (book.rests.of(queue, kit.world.clock.monotonic()) !== undefined) {
    // Its queue was refused just now: whoever comes here may do it.
    if (!isTried && !open.lost) await book.end(open, { case: "returned" });
    return undefined;
  }
  let upperId: string;
  try {
    upperId = await submitAbove(line, open, signal);
  } catch (error) {
    return await refused(rising, open, error);
  }
  await book.submitted(open, upperId);
  book.rests.taken(queue);
  return undefined;
}

async function refused(
  { kit, book }: Rising,
  open: Open,
  error: unknown,
): Promise<Answer["means"]> {
  const { queue, id, isTried } = open;
  const { means, text, failure } = answerOf(error, isTried);
  if (means === "line" || means === "unsure") open.isTried = true;
  if (means === "line") throw error;
  const nowMs = kit.world.clock.monotonic();
  const isNews =
    (means === "queue" && book.rests.refused(queue, nowMs, text)) ||
    (means === "unsure" && !isTried && book.rests.unclear(queue, nowMs, text));
  if (isNews) kit.log.warn("the parent does not take a task", { queue, task: id, error });
  if (means === "unsure") await wait(book, open, { nowMs, text });
  if (means === "queue") await book.end(open, { case: "returned" });
  if (failure !== undefined) await book.end(open, { case: "failure", failure });
  return means;
}

/** Nobody knows whether it was taken: it alone is asked for again later, as the same. */
async function wait(
  book: Shelf,
  open: Open,
  { nowMs, text }: { readonly nowMs: number; readonly text: string },
): Promise<void> {
  open.tries += 1;
  open.askMs = nowMs + unclearRestMs(open.tries);
  open.why = text;
  // If it is up there for all that, it is called off as a stray.
  if (open.lost && open.tries >= lostTriesMax) await book.forget(open);
}
