import { keyOf } from "./lock.store.ts";
import type { Stored } from "./row.store.ts";
import type { Saved } from "./save.store.ts";
import type { TakenBack } from "./wake.store.ts";

/** Tasks that became ready. */
export interface Ready {
  readonly tenant: string;
  readonly queue: string;
  /** In which line; undefined when nobody says. */
  readonly line: string | undefined;
}

/** Whoever wants to hear in this process what was committed here. */
export interface Listener {
  /** Something can be claimed. */
  ready?(ready: readonly Ready[]): void;
  /** A task changed: `tenant/id`. */
  changed?(key: string): void;
  /** Tasks are over. */
  ended?(tasks: readonly Stored[]): void;
  /** Holds are over, whatever their workers say. */
  takenBack?(all: readonly TakenBack[]): void;
  /** A worker that is here should stop. */
  stop?(key: string, reason: string): void;
}

/** Tells within this process what was committed; others find out by looking. */
export class News {
  readonly #listeners: Listener[] = [];

  listen(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** New tasks. */
  submitted(tasks: readonly Stored[]): void {
    this.#ready(tasks.map(({ tenant, queue, line }) => ({ tenant, queue, line })));
  }

  /** Tasks that moved. */
  saved({ ready, ended }: Saved): void {
    this.#ready(ready.map((each) => ({ ...each, line: undefined })));
    for (const stored of ended) this.changed(keyOf(stored));
    if (ended.length > 0) for (const listener of this.#listeners) listener.ended?.(ended);
  }

  /** Holds that the hub ended itself: nobody else tells their workers. */
  takenBack(all: readonly TakenBack[]): void {
    for (const { key } of all) this.changed(key);
    if (all.length > 0) for (const listener of this.#listeners) listener.takenBack?.(all);
  }

  /** A queue goes on. */
  resumed(tenant: string, queue: string): void {
    this.#ready([{ tenant, queue, line: undefined }]);
  }

  changed(key: string): void {
    for (const listener of this.#listeners) listener.changed?.(key);
  }

  stop(key: string, reason: string): void {
    for (const listener of this.#listeners) listener.stop?.(key, reason);
  }

  #ready(ready: readonly Ready[]): void {
    if (ready.length === 0) return;
    for (const listener of this.#listeners) listener.ready?.(ready);
  }
}
