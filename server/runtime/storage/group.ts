import { isOfValues } from "./fault.ts";

/**
 * One group-commit writer: items that arrive while a flush is under way go into the next one, so a
 * hundred callers share one transaction. A caller is answered after the commit of its item. Where
 * what one of them brings is at fault, each goes by itself, so that it spoils nothing for others.
 */
export class GroupCommit<Item, Result> {
  readonly #flush: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #itemsMax: number;
  #waiting: Waiting<Item, Result>[] = [];
  #running = false;

  /**
   * `flush` answers in the order of its items; when it throws, all callers of that flush fail,
   * unless it is for their data: then it is called again, for one item at a time.
   */
  constructor(
    flush: (items: readonly Item[]) => Promise<readonly Result[]>,
    options: { readonly itemsMax: number },
  ) {
    this.#flush = flush;
    this.#itemsMax = options.itemsMax;
  }

  /** Resolves once the item is durable. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, this.#itemsMax);
      await settle(group, this.#flush);
    }
    this.#running = false;
  }
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

async function settle<Item, Result>(
  group: readonly Waiting<Item, Result>[],
  flush: (items: readonly Item[]) => Promise<readonly Result[]>,
): Promise<void> {
  try {
    const results = await flush(group.map((waiting) => waiting.item));
    if (results.length !== group.length) throw new Error("a flush must answer each item");
    for (const [at, result] of results.entries()) group[at]?.resolve(result);
  } catch (error) {
    if (group.length > 1 && isOfValues(error)) {
      for (const waiting of group) await settle([waiting], flush);
      return;
    }
    for (const waiting of group) waiting.reject(error);
  }
}
