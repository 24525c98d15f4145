import type { SpokeEffect } from "@foedus/kernel/sync/spoke.state.ts";
import type { World } from "@foedus/kernel/world.ts";
import { Turns } from "./turns.ts";

/** What waits for its turn: effects of the core, a new key, and those who ask to be told. */
export type Queued =
  | SpokeEffect
  | { readonly type: "renewed"; readonly replica: string }
  | { readonly type: "saved"; readonly settled: PromiseWithResolvers<void> };

/** What carries out what waits. */
export interface OrderKit {
  readonly world: World;
  /** Saves what of a group is to be saved, all or nothing. */
  save(group: readonly Queued[]): Promise<void>;
  /** Does the rest, one by one, once that is saved. */
  perform(each: Queued): void;
  /** It could not be saved: nothing after it may be done either. */
  failed(error: unknown): void;
}

/** How many are saved together: more would hold up the program meanwhile. */
const groupMax = 1024;
/** And how many more, so that what was written together stays together. */
const groupMore = 1024;

/**
 * Keeps the order between what is saved and what is done after it. What comes in the meantime is
 * saved together next time: one write to the disk for many.
 */
export class Order {
  readonly #kit: OrderKit;
  readonly #queue: Queued[] = [];
  /** Some disks never wait. */
  readonly #turns: Turns;
  #isRunning = false;

  constructor(kit: OrderKit) {
    this.#kit = kit;
    this.#turns = new Turns(kit.world);
  }

  /** Whether nothing waits and nothing is being done. */
  get isIdle(): boolean {
    return !this.#isRunning;
  }

  /** Adds to what waits. */
  add(...more: readonly Queued[]): void {
    this.#queue.push(...more);
    if (this.#isRunning || this.#queue.length === 0) return;
    this.#isRunning = true;
    void this.#run();
  }

  /** Resolves once all that waits by now is saved; rejects when it could not be. */
  saved(): Promise<void> {
    const settled = Promise.withResolvers<void>();
    this.add({ type: "saved", settled });
    return settled.promise;
  }

  async #run(): Promise<void> {
    // What is written in the same breath is saved together, too.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const turn = this.#turns.due();
      if (turn !== undefined) await turn;
      await this.#carryOut(this.#queue.splice(0, groupSize(this.#queue)));
    }
    // At once: whoever is told of the last save may add the next.
    this.#isRunning = false;
  }

  async #carryOut(group: readonly Queued[]): Promise<void> {
    try {
      await this.#kit.save(group);
    } catch (error) {
      this.#kit.failed(error);
      for (const each of group) if (each.type === "saved") each.settled.reject(error);
      return;
    }
    for (const each of group) {
      if (each.type === "saved") each.settled.resolve();
      else this.#kit.perform(each);
    }
  }
}

/** Up to the end of a write where there are many. */
function groupSize(queue: readonly Queued[]): number {
  if (queue.length <= groupMax) return queue.length;
  const end = queue.findIndex(({ type }, at) => at >= groupMax - 1 && type === "saved");
  return end === -1 || end >= groupMax + groupMore ? groupMax : end + 1;
}
