import { tripsKept } from "@foedus/kernel/protocol.ts";

/** Fewer tell nothing of where it goes. */
const trendTripsMin = 8;

/** The last round trips of a link. */
export class Trips {
  readonly #tripsMs: number[] = [];

  add(ms: number): void {
    this.#tripsMs.push(ms);
    if (this.#tripsMs.length > tripsKept) this.#tripsMs.shift();
  }

  /** The newest, in milliseconds. */
  get newestMs(): number | undefined {
    return this.#tripsMs.at(-1);
  }

  /** The mean of all that are kept. */
  get meanMs(): number | undefined {
    return mean(this.#tripsMs);
  }

  /** By how much the later half is slower than the earlier one. */
  get trendMs(): number | undefined {
    if (this.#tripsMs.length < trendTripsMin) return undefined;
    const half = Math.floor(this.#tripsMs.length / 2);
    const [earlier, later] = [this.#tripsMs.slice(0, half), this.#tripsMs.slice(-half)];
    return (mean(later) ?? 0) - (mean(earlier) ?? 0);
  }
}

function mean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
