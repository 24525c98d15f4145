/** Chance that replays from a seed: xorshift over 32 bits. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    // Seeds next to each other must not begin alike.
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0 || 1;
    for (let warm = 0; warm < 8; warm++) this.#next();
  }

  /** A number in [0, 1). */
  fraction(): number {
    return this.#next() / 2 ** 32;
  }

  /** A whole number from 0 up to, but not including, `end`. */
  below(end: number): number {
    return Math.floor(this.fraction() * end);
  }

  /** A whole number from `low` up to `high`. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** Whether something that happens so often happens now. */
  happens(share: number): boolean {
    return this.fraction() < share;
  }

  /** One of them. */
  pick<T>(all: readonly T[]): T {
    const one = all[this.below(all.length)];
    if (one === undefined) throw new Error("nothing to pick from");
    return one;
  }

  /** A short name that no other call gives. */
  name(): string {
    return `${this.#next().toString(36)}${this.#next().toString(36)}`;
  }

  #next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state >>> 0;
    return this.#state;
  }
}
