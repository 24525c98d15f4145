/**
 * A queue of bounded length between one writer and one reader. `offer` refuses when it is full: the
 * writer decides what that means, and nothing is dropped in silence.
 */
export class BoundedQueue<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  readonly #itemsMax: number;
  #wake: (() => void) | undefined;
  #ended = false;

  constructor(itemsMax: number) {
    this.#itemsMax = itemsMax;
  }

  /** How many wait. */
  get length(): number {
    return this.#items.length;
  }

  /** Adds at the end; false when the queue is full or ended. */
  offer(item: T): boolean {
    if (this.#ended || this.#items.length >= this.#itemsMax) return false;
    this.#items.push(item);
    this.#wake?.();
    return true;
  }

  /** Lets the reader finish what waits, and then end. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) yield item;
      else if (this.#ended) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
