import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Loop } from "../../runtime/capability.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { Counter } from "./counter.loop.ts";
import { depthsOf, type Depth } from "./depths.store.ts";
import type { Listener, Ready } from "./news.flow.ts";
import type { Stored } from "./row.store.ts";
import type { Waiter, Wish } from "./waiter.flow.ts";

/** How often it is looked whether another process, a rate or a lost word left something waiting. */
const lookMs = 500;
/** What nobody takes is looked at less and less often. */
const againMs = 8_000;
/** So many queues are looked at in one turn: of more, each is every so many turns. */
const looksMax = 1_000;
/** Queues that are remembered while nobody waits at them. */
const countersMax = 10_000;

/** Where workers wait for tasks in this process, however many they are: one counter a queue. */
export class Desk implements Listener {
  readonly #storage: Storage;
  readonly #counters = new Map<string, Counter>();
  /** Claims that wait, by their ids: asked again, the new one takes the place of the old. */
  readonly #claims = new Map<string, Waiter>();
  readonly #looksMax: number;
  /** After which queue the next look goes on. */
  #lookedAt = 0;

  constructor(storage: Storage, limits: { readonly looksMax: number } = { looksMax }) {
    this.#storage = storage;
    this.#looksMax = limits.looksMax;
  }

  /** How many wait. */
  get waiting(): number {
    return [...this.#counters.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * Tasks for a worker, as soon as there are any; none when it is gone, or `over` says that it has
   * waited long enough: then it takes what there is.
   */
  async claim(wish: Wish, gone: AbortSignal, over?: AbortSignal): Promise<readonly Stored[]> {
    const { tenant, holder } = wish;
    const key = `${tenant}/${holder.nodeId}/${holder.claimId}`;
    if (wish.mayRepeat) this.#claims.get(key)?.leave();
    const waiter = this.#counterOf(tenant, wish.queue).add(wish);
    if (wish.mayRepeat) this.#claims.set(key, waiter);
    const [leave, hurry] = [() => waiter.leave(), () => waiter.hurry()];
    gone.addEventListener("abort", leave, { once: true });
    over?.addEventListener("abort", hurry, { once: true });
    try {
      if (gone.aborted) leave();
      if (over?.aborted) hurry();
      return await waiter.got;
    } finally {
      gone.removeEventListener("abort", leave);
      over?.removeEventListener("abort", hurry);
      if (this.#claims.get(key) === waiter) this.#claims.delete(key);
    }
  }

  ready(ready: readonly Ready[]): void {
    for (const { tenant, queue, line } of ready) {
      this.#counters.get(`${tenant}/${queue}`)?.ring(line);
    }
  }

  /** Finds out what nobody told here: one statement for the queues whose turn it is. */
  async look(): Promise<void> {
    const waiting = [...this.#counters.values()].filter(({ size }) => size > 0);
    const from = this.#lookedAt < waiting.length ? this.#lookedAt : 0;
    const some = waiting.slice(from, from + this.#looksMax);
    this.#lookedAt = from + some.length;
    const nowMs = this.#storage.world.clock.monotonic();
    for (const depth of await depthsOf(this.#storage, some)) {
      const counter = this.#counters.get(`${depth.tenant}/${depth.queue}`);
      if (counter !== undefined && isWorth(counter, depth, nowMs)) counter.ring();
    }
  }

  #counterOf(tenant: TenantId, queue: string): Counter {
    const key = `${tenant}/${queue}`;
    const known = this.#counters.get(key);
    if (known !== undefined) return known;
    if (this.#counters.size >= countersMax) this.#forget();
    const counter = new Counter(this.#storage, tenant, queue);
    this.#counters.set(key, counter);
    return counter;
  }

  #forget(): void {
    for (const [key, { size }] of this.#counters) if (size === 0) this.#counters.delete(key);
  }
}

/** Something is ready, and it changed or its time to be tried again has come. */
function isWorth(counter: Counter, { ready, submitted, paused }: Depth, nowMs: number): boolean {
  const { looked } = counter;
  const mark = `${ready}/${submitted}/${paused}`;
  if (ready <= 0 || paused) {
    counter.looked = { mark, dueMs: 0, waitMs: 0 };
    return false;
  }
  const isNew = mark !== looked.mark;
  if (!isNew && nowMs < looked.dueMs) return false;
  const waitMs = isNew ? lookMs : Math.min(againMs, 2 * looked.waitMs);
  counter.looked = { mark, dueMs: nowMs + waitMs, waitMs };
  return true;
}

/** Looks again and again. */
export function deskLoop(desk: Desk, storage: Storage): Loop {
  return {
    name: "task.desk",
    async run(signal) {
      while (!signal.aborted) {
        await storage.world.timers.sleep(lookMs, signal);
        if (!signal.aborted) await desk.look();
      }
    },
  };
}
