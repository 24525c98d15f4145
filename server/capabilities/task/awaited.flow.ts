import type { TaskKey } from "./lock.store.ts";
import type { Watches } from "./watch.loop.ts";

/** Tasks whose end somebody waits for. Of those that change, only these are looked at again. */
export class Awaited {
  /** About how large those are that have ended, by their ids. */
  readonly ended = new Map<string, number>();
  /** Those that nobody knows. */
  readonly unknown = new Set<string>();
  readonly #watches: Watches;
  readonly #tenant: string;
  readonly #wakers = new Map<string, { revision: number; wake: () => void }>();
  readonly #stops: (() => void)[];
  #unseen: Set<string>;
  #stirred = Promise.withResolvers<void>();

  constructor(watches: Watches, tenant: string, ids: readonly string[]) {
    this.#watches = watches;
    this.#tenant = tenant;
    this.#unseen = new Set(ids);
    // Listens before it looks: nothing that happens in between is missed.
    this.#stops = ids.map((id) => {
      const waker = { revision: 0, wake: () => this.#stir(id) };
      this.#wakers.set(id, waker);
      return watches.watch({ tenant, id }, waker);
    });
  }

  /** Whether there is something to answer. */
  get hasNews(): boolean {
    return this.ended.size > 0 || this.unknown.size > 0;
  }

  /** Looks at those that may have changed since they were looked at. */
  async look(): Promise<void> {
    const ids = [...this.#unseen];
    this.#unseen = new Set();
    const stands = await Promise.all(ids.map((id) => this.#watches.stand(this.#keyOf(id))));
    for (const [at, id] of ids.entries()) {
      const stand = stands[at];
      const waker = this.#wakers.get(id);
      this.ended.delete(id);
      if (stand === undefined) this.unknown.add(id);
      else if (waker !== undefined) waker.revision = stand.revision;
      if (stand?.endedBytes !== undefined) this.ended.set(id, stand.endedBytes);
    }
  }

  /** Resolves when something may have changed, or the signal aborts. */
  async stirred(signal: AbortSignal): Promise<void> {
    if (this.#unseen.size > 0 || signal.aborted) return;
    const { promise, resolve } = (this.#stirred = Promise.withResolvers());
    const over = () => resolve();
    signal.addEventListener("abort", over, { once: true });
    await promise;
    signal.removeEventListener("abort", over);
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  #stir(id: string): void {
    this.#unseen.add(id);
    this.#stirred.resolve();
  }

  #keyOf(id: string): TaskKey {
    return { tenant: this.#tenant, id };
  }
}
