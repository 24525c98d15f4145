import { isTaskName } from "@foedus/kernel/task/named.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import type { Loop } from "../../runtime/capability.ts";
import { GroupCommit } from "../../runtime/storage/group.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { findMany, type Found } from "./list.store.ts";
import { keyOf, type TaskKey } from "./lock.store.ts";
import type { Listener } from "./news.flow.ts";
import { revisionsOf, standsOf, type Stand } from "./revision.store.ts";

/** How long what other processes did may stay unseen. */
const lookMs = 1_000;
/** Those who read at the same time share one statement, up to so many. */
const readersMax = 1_000;
/** The same for those who ask only whether tasks have ended. */
const lookersMax = 10_000;

/** Who wants to hear of a task, and the revision that it knows. */
export interface Waker {
  readonly revision: number;
  wake(): void;
}

interface Watched extends TaskKey {
  readonly wakers: Set<Waker>;
}

/** Those who watch tasks: however many, one statement a second looks for all of them. */
export class Watches implements Listener {
  readonly #storage: Storage;
  readonly #watched = new Map<string, Watched>();
  readonly #readers: GroupCommit<TaskKey, Found | undefined>;
  readonly #lookers: GroupCommit<TaskKey, Stand | undefined>;
  #reads = 0;
  #looks = 0;

  constructor(storage: Storage) {
    this.#storage = storage;
    const read = (keys: readonly TaskKey[]) => this.#read(keys);
    this.#readers = new GroupCommit(read, { itemsMax: readersMax });
    const stands = (keys: readonly TaskKey[]) => this.#stands(keys);
    this.#lookers = new GroupCommit(stands, { itemsMax: lookersMax });
  }

  /** How often the database was asked which tasks have ended, for however many who wait. */
  get looks(): number {
    return this.#looks;
  }

  /** How often the database was asked for tasks, for however many readers. */
  get reads(): number {
    return this.#reads;
  }

  /** A task as it stands; many who ask at the same time ask together. */
  find(key: TaskKey): Promise<Found | undefined> {
    return isTaskName(key.id) ? this.#readers.add(key) : Promise.resolve(undefined);
  }

  /** Whether a task has ended; asked together as well, and without reading all of it. */
  stand(key: TaskKey): Promise<Stand | undefined> {
    return isTaskName(key.id) ? this.#lookers.add(key) : Promise.resolve(undefined);
  }

  async #stands(keys: readonly TaskKey[]): Promise<(Stand | undefined)[]> {
    this.#looks += 1;
    const found = await standsOf(this.#storage, keys);
    return keys.map((key) => found.get(keyOf(key)));
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
    if (watched !== undefined) for (const waker of watched.wakers) waker.wake();
  }

  /** Wakes when the task may have another revision than the waker knows; returns how to stop. */
  watch({ tenant, id }: TaskKey, waker: Waker): () => void {
    // One look asks for all of them: none may be a name that no table holds.
    if (!isTaskName(id)) return () => undefined;
    const key = `${tenant}/${id}`;
    const watched = this.#watched.get(key) ?? { tenant, id, wakers: new Set<Waker>() };
    this.#watched.set(key, watched);
    watched.wakers.add(waker);
    return () => {
      watched.wakers.delete(waker);
      if (watched.wakers.size === 0) this.#watched.delete(key);
    };
  }

  /** Resolves when the task may have another revision than this, or the signal aborts. */
  next(at: TaskKey, revision: number, signal: AbortSignal): Promise<void> {
    return new Promise<void>((resolve) => {
      const wake = () => {
        stop();
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const stop = this.watch(at, { revision, wake });
      signal.addEventListener("abort", wake, { once: true });
      if (signal.aborted) wake();
    });
  }

  /** Wakes those whose task changed elsewhere, or is gone. */
  async look(): Promise<void> {
    const all = [...this.#watched.values()];
    if (all.length === 0) return;
    const revisions = await revisionsOf(this.#storage, all);
    for (const watched of all) {
      const revision = revisions.get(keyOf(watched));
      for (const waker of watched.wakers) if (waker.revision !== revision) waker.wake();
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
