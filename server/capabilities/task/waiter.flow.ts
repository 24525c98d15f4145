import type { Holder } from "@foedus/kernel/task/standing.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { wordsOf, type Fitting } from "./fitting.ts";
import type { Stored } from "./row.store.ts";

/** What a worker wants. */
export interface Wish extends Fitting {
  readonly tenant: TenantId;
  readonly queue: string;
  readonly holder: Holder;
  /** How many tasks, as of now. */
  count(): number;
  /** Whether it may be a claim that was answered before. */
  readonly mayRepeat: boolean;
}

/** Who hears of a waiter. */
interface Told {
  /** It waits no more. */
  left(waiter: Waiter): void;
  /** It wants to be asked for at once. */
  hurries(): void;
}

/** A worker that waits for tasks. */
export class Waiter {
  readonly wish: Wish;
  readonly words: string;
  /** Resolves with what it got: nothing once it left. */
  readonly got: Promise<readonly Stored[]>;
  readonly #settle = Promise.withResolvers<readonly Stored[]>();
  readonly #told: Told;
  #isAsked = false;
  #isOver = false;
  #hasLeft = false;
  #isPatient = true;
  #wasAsked = false;

  constructor(wish: Wish, told: Told) {
    this.wish = wish;
    this.words = wordsOf(wish);
    this.got = this.#settle.promise;
    this.#told = told;
  }

  /** Whether it can be asked for. */
  get isOpen(): boolean {
    return !this.#isOver && !this.#hasLeft && !this.#isAsked;
  }

  /** Whether it can wait until others come. */
  get isPatient(): boolean {
    return this.#isPatient;
  }

  /** It is being asked for: what comes is its own, even if it leaves meanwhile. */
  ask(): void {
    this.#isAsked = true;
  }

  /** What came of it; it goes on waiting when nothing did. */
  answer(tasks: readonly Stored[]): void {
    this.#isAsked = false;
    this.#wasAsked = true;
    if (tasks.length > 0 || this.#hasLeft || !this.#isPatient)
      this.#end(() => this.#settle.resolve(tasks));
  }

  fail(error: unknown): void {
    this.#end(() => this.#settle.reject(error));
  }

  /** It waits no longer. */
  leave(): void {
    this.#hasLeft = true;
    if (!this.#isAsked) this.#end(() => this.#settle.resolve([]));
  }

  /** It takes what there is, and then leaves: everybody is asked for once. */
  hurry(): void {
    this.#isPatient = false;
    if (this.#wasAsked) this.leave();
    else this.#told.hurries();
  }

  #end(settle: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#told.left(this);
    settle();
  }
}
