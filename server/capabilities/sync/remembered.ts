import type { Clock } from "@foedus/kernel/world.ts";

interface Kept<T> {
  readonly reading: Promise<T>;
  readonly untilMs: number;
}

/**
 * What was read lately, by name: who asks for the same meanwhile gets the same, and a hundred who
 * come at once wait for one read. Only for what may be as old as `keptMs`, or whose every change
 * is heard of here.
 */
export class Remembered<T> {
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept<T>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What is known by that name; read if it is not. A read that fails is not remembered. */
  of(name: string, read: () => Promise<T>): Promise<T> {
    const nowMs = this.#clock.monotonic();
    const before = this.#kept.get(name);
    if (before !== undefined && nowMs < before.untilMs) return before.reading;
    if (this.#kept.size >= namesMax) this.#kept.clear();
    const kept = { reading: read(), untilMs: nowMs + keptMs };
    this.#kept.set(name, kept);
    kept.reading.catch(() => this.#kept.get(name) === kept && this.#kept.delete(name));
    return kept.reading;
  }

  /** It is, or may be, another by now: also for who began to read it before. */
  forget(name: string): void {
    this.#kept.delete(name);
  }

  clear(): void {
    this.#kept.clear();
  }
}

/** How long something is known without a look. */
export const keptMs = 30_000;

/** Of how many names it is known; beyond it all are read anew. */
export const namesMax = 10_000;
