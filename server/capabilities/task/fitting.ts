import { fits, type Offer, type WorkerNode } from "@foedus/kernel/task/fits.ts";
import type { Line } from "@foedus/kernel/task/line.ts";

/** Who asks, as far as lines matter. */
export interface Fitting {
  readonly offer: Offer;
  readonly node: WorkerNode;
}

/** Lines that the same workers fit. */
export type Fit = readonly string[];

/** Which lines of a queue each worker fits, worked out once for all that offer the same. */
export class Lines {
  readonly ids: ReadonlySet<string>;
  readonly readMs: number;
  readonly #lines: readonly Line[];
  /** Nodes that tasks ask for by name: for the others it does not matter which node they are. */
  readonly #named: ReadonlySet<string>;
  readonly #known = new Map<string, Fit>();
  readonly #fits = new Map<string, Fit>();

  constructor(lines: readonly Line[], readMs: number) {
    this.#lines = lines;
    this.readMs = readMs;
    this.ids = new Set(lines.map(({ id }) => id));
    this.#named = new Set(lines.flatMap(({ needs }) => needs?.nodeId || []));
  }

  /** The ids of the lines it fits: one and the same array for all that fit the same. */
  of({ offer, node }: Fitting, words: string): Fit {
    const key = this.#named.has(node.nodeId) ? `${node.nodeId} ${words}` : words;
    const before = this.#known.get(key);
    if (before !== undefined) return before;
    const found = this.#lines.filter(({ kind, needs }) => fits(kind, needs, offer, node));
    const ids = found.map(({ id }) => id);
    const fit = this.#fits.get(ids.join()) ?? ids;
    this.#fits.set(ids.join(), fit);
    this.#known.set(key, fit);
    return fit;
  }
}

/** All words of an offer as one text: who says the same fits the same. */
export function wordsOf({ offer, node }: Fitting): string {
  const { kinds, capabilities, labels, models } = offer;
  return JSON.stringify([kinds, capabilities, labels, models, node.labels]);
}
