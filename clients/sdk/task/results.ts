import { errorOf } from "../error.wire.ts";
import { linked, orAborted } from "../signals.ts";
import type { Awaited, Ends } from "./ends.ts";
import { endOf } from "./result.ts";
import type { AskOptions, TaskEnd } from "./tasks.ts";

/** With so many ends that nobody has read yet the hub is not asked for more. */
export const unreadMax = 256;

interface ResultsKit {
  readonly ends: Ends;
  /** Ends every call; its reason is a FoedusError. */
  readonly ended: AbortSignal;
}

/** The ends of tasks as they come. @throws the reason of whichever signal aborts. */
export async function* resultsOf(
  { ends, ended }: ResultsKit,
  taskIds: Iterable<string>,
  options: AskOptions = {},
): AsyncGenerator<TaskEnd, void, void> {
  using over = linked(ended, options.signal);
  over.signal.throwIfAborted();
  const wanted = new Set(taskIds);
  using unread = new Unread(ends, wanted);
  for (let left = wanted.size; left > 0;) {
    await orAborted(unread.more, over.signal);
    for (let end = unread.take(); end !== undefined; end = unread.take()) {
      left -= 1;
      yield end;
    }
  }
}

/** Ends that have come, of tasks that the hub is not asked for while there are too many. */
class Unread implements Disposable {
  readonly #ends: Ends;
  readonly #awaited = new Set<Awaited>();
  readonly #came: TaskEnd[] = [];
  #bell = Promise.withResolvers<void>();
  #isFull = false;
  readonly #mayAsk = () => !this.#isFull;

  constructor(ends: Ends, taskIds: Iterable<string>) {
    this.#ends = ends;
    for (const id of taskIds) void this.#wait(id);
  }

  /** Resolves when there is something to take. */
  get more(): Promise<void> {
    return this.#came.length > 0 ? Promise.resolve() : this.#bell.promise;
  }

  /** The one that came first; when all are taken, the hub is asked for more. */
  take(): TaskEnd | undefined {
    const end = this.#came.shift();
    if (end === undefined && this.#isFull) {
      this.#isFull = false;
      this.#ends.again();
    }
    return end;
  }

  [Symbol.dispose](): void {
    for (const each of this.#awaited) each[Symbol.dispose]();
    this.#awaited.clear();
  }

  async #wait(taskId: string): Promise<void> {
    try {
      using awaited = this.#ends.await(taskId, this.#mayAsk);
      this.#awaited.add(awaited);
      const task = await awaited.ended;
      // Kept any longer, all results would be.
      this.#awaited.delete(awaited);
      this.#put(endOf(task));
    } catch (thrown) {
      this.#put({ taskId, task: undefined, error: errorOf(thrown) });
    }
  }

  #put(end: TaskEnd): void {
    this.#came.push(end);
    this.#isFull ||= this.#came.length >= unreadMax;
    this.#bell.resolve();
    this.#bell = Promise.withResolvers();
  }
}
