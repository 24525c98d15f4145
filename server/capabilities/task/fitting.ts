import { fits, type Offer, type WorkerNode } from "@foedus/kernel/task/fits.ts";
import type { Line } from "@foedus/kernel/task/line.ts";

/** Who asks, as far as lines matter. */
export interface Fitting {
  readonly offer: Offer;
  readonly node: WorkerNode;
}

/** Lines that the same workers fit. */
export type Fit = readonly string[];

/** Offers that are remembered at most, before all are worked out anew. */
export const knownMax = 16_384;
const fitsMax = 4_096;

/** Which lines of a queue each worker fits, worked out once for all that offer the same. */
export class Lines {
  readonly ids: ReadonlySet<string>;
  /** Lines that name no node: for them it does not matter which node a worker is. */
  readonly #common: readonly Line[];
  /** Lines by the node that they name. */
  readonly #named: ReadonlyMap<string, readonly Line[]>;
  readonly #known = new Map<string, Fit>();
  readonly #fits = new Map<string, Fit>();

  constructor(lines: readonly Line[]) {
    this.ids = new Set(lines.map(({ id }) => id));
    const nodeOf = ({ needs }: Line) => needs?.nodeId ?? "";
    this.#common = lines.filter((line) => nodeOf(line) === "");
    this.#named = Map.groupBy(
      lines.filter((line) => nodeOf(line) !== ""),
      nodeOf,
    );
  }

  /** How many offers are remembered. */
  get size(): number {
    return this.#known.size;
  }

  /** Whether these are its lines, all and no others. */
  isOf(lines: readonly Line[]): boolean {
    return lines.length === this.ids.size && lines.every(({ id }) => this.ids.has(id));
  }

  /** The ids of the lines it fits: one and the same array for all that fit the same. */
  of({ offer, node }: Fitting, words: string): Fit {
    const fitted = (lines: readonly Line[]) =>
      lines.filter(({ kind, needs }) => fits(kind, needs, offer, node)).map(({ id }) => id);
    const common = this.#once(words, () => fitted(this.#common));
    const own = this.#named.get(node.nodeId);
    if (own === undefined) return common;
    return this.#once(`${node.nodeId} ${words}`, () => [...common, ...fitted(own)]);
  }

  #once(key: string, work: () => Fit): Fit {
    const before = this.#known.get(key);
    if (before !== undefined) return before;
    const ids = work();
    const text = ids.join();
    const fit = this.#fits.get(text) ?? ids;
    if (this.#known.size >= knownMax) this.#known.clear();
    if (this.#fits.size >= fitsMax) this.#fits.clear();
    this.#fits.set(text, fit);
    this.#known.set(key, fit);
    return fit;
  }
}

/** All words of an offer as one text: who says the same fits the same. */
export function wordsOf({ offer, node }: Fitting): string {
  const { kinds, capabilities, labels, models } = offer;
  return JSON.stringify([kinds, capabilities, labels, models, node.labels]);
}
