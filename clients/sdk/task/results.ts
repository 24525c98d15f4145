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
  const wanted = new Set(taskIds);
  while (wanted.size > 0) {
    over.signal.throwIfAborted();
    using unread = new Unread(ends, wanted);
    while (wanted.size > 0 && !unread.isDrained) {
      await orAborted(unread.more, over.signal);
      for (let end = unread.take(); end !== undefined; end = unread.take()) {
        wanted.delete(end.taskId);
        yield end;
      }
    }
  }
}

/** Ends that have come, of tasks that are waited for until there are too many. */
class Unread implements Disposable {
  readonly #awaited = new Set<Awaited>();
  readonly #ends: TaskEnd[] = [];
  #bell = Promise.withResolvers<void>();
  #isFull = false;

  constructor(ends: Ends, taskIds: Iterable<string>) {
    for (const id of taskIds) void this.#wait(ends, id);
  }

  /** Resolves when there is something to take. */
  get more(): Promise<void> {
    return this.#ends.length > 0 ? Promise.resolve() : this.#bell.promise;
  }

  /** Whether it waits no more, and all that had come was taken. */
  get isDrained(): boolean {
    return this.#isFull && this.#ends.length === 0;
  }

  take(): TaskEnd | undefined {
    return this.#ends.shift();
  }

  [Symbol.dispose](): void {
    for (const each of this.#awaited) each[Symbol.dispose]();
    this.#awaited.clear();
  }

  async #wait(ends: Ends, taskId: string): Promise<void> {
    try {
      using awaited = ends.await(taskId);
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
    this.#ends.push(end);
    this.#bell.resolve();
    this.#bell = Promise.withResolvers();
    if (this.#ends.length < unreadMax) return;
    this.#isFull = true;
    this[Symbol.dispose]();
  }
}
