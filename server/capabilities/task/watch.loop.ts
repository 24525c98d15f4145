import { tenantProved } from "@foedus/kernel/tenant.ts";
import type { Loop } from "../../runtime/capability.ts";
import { GroupCommit } from "../../runtime/storage/group.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { findMany, type Found } from "./list.store.ts";
import type { TaskKey } from "./lock.store.ts";
import type { Listener } from "./news.flow.ts";
import { revisionsOf } from "./revision.store.ts";

/** How long what other processes did may stay unseen. */
const lookMs = 1_000;
/** Those who read at the same time share one statement, up to so many. */
const readersMax = 1_000;

interface Watched {
  readonly tenant: string;
  readonly id: string;
  revision: number;
  readonly wakers: Set<() => void>;
}

/** Those who watch tasks: however many, one statement a second looks for all of them. */
export class Watches implements Listener {
  readonly #storage: Storage;
  readonly #watched = new Map<string, Watched>();
  readonly #readers: GroupCommit<TaskKey, Found | undefined>;
  #reads = 0;

  constructor(storage: Storage) {
    this.#storage = storage;
    const read = (keys: readonly TaskKey[]) => this.#read(keys);
    this.#readers = new GroupCommit(read, { itemsMax: readersMax });
  }

  /** How often the database was asked for tasks, for however many readers. */
  get reads(): number {
    return this.#reads;
  }

  /** A task as it stands; many who ask at the same time ask together. */
  find(key: TaskKey): Promise<Found | undefined> {
    return this.#readers.add(key);
  }

  async #read(keys: readonly TaskKey[]): Promise<(Found | undefined)[]> {
    this.#reads += 1;
    const found = new Map<string, Map<string, Found>>();
    for (const [name, own] of Map.groupBy(keys, ({ tenant }) => tenant)) {
      const ids = [...new Set(own.map(({ id }) => id))];
      const tenant = tenantProved(name);
      found.set(name, await this.#storage.tenant(tenant, (tx) => findMany(tx, ids)));
    }
    return keys.map(({ tenant, id }) => found.get(tenant)?.get(id));
  }

  get size(): number {
    return this.#watched.size;
  }

  changed(key: string): void {
    const watched = this.#watched.get(key);
    if (watched !== undefined) for (const wake of watched.wakers) wake();
  }

  /** Resolves when the task may have another revision than this, or the signal aborts. */
  next(
    at: { readonly tenant: string; readonly id: string },
    revision: number,
    signal: AbortSignal,
  ) {
    const key = `${at.tenant}/${at.id}`;
    const watched = this.#watched.get(key) ?? { ...at, revision, wakers: new Set<() => void>() };
    watched.revision = Math.min(watched.revision, revision);
    this.#watched.set(key, watched);
    return new Promise<void>((resolve) => {
      const wake = () => {
        watched.wakers.delete(wake);
        if (watched.wakers.size === 0) this.#watched.delete(key);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      watched.wakers.add(wake);
      signal.addEventListener("abort", wake, { once: true });
      if (signal.aborted) wake();
    });
  }

  /** Wakes those whose task changed elsewhere, or is gone. */
  async look(): Promise<void> {
    const all = [...this.#watched.values()];
    if (all.length === 0) return;
    const revisions = await revisionsOf(this.#storage, all);
    for (const [key, watched] of this.#watched) {
      if (!all.includes(watched) || revisions.get(key) === watched.revision) continue;
      for (const wake of watched.wakers) wake();
    }
  }

  loop(): Loop {
    const { timers } = this.#storage.world;
    return {
      name: "task.watch",
      run: async (signal) => {
        while (!signal.aborted) {
          await timers.sleep(lookMs, signal);
          if (!signal.aborted) await this.look();
        }
      },
    };
  }
}
