/** What is to be said over one stream, in order, to a reader who may be slow. */
export class Outbox<Item> {
  readonly #waiting: Item[] = [];
  readonly #writers: (() => void)[] = [];
  readonly #roomyAt: number;
  #reader: (() => void) | undefined;
  #isOver = false;
  #error: unknown;

  /** Whoever causes more waits while so many items do. */
  constructor(roomyAt: number) {
    this.#roomyAt = roomyAt;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** False when nobody will read it. */
  put(item: Item): boolean {
    if (this.#isOver) return false;
    this.#waiting.push(item);
    this.#wake();
    return true;
  }

  /** What waits is still said, and then it ends. */
  end(): void {
    this.#isOver = true;
    this.#wake();
    for (const go of this.#writers.splice(0)) go();
  }

  /** Ends at once; returns what nobody has read. */
  cut(error?: unknown): Item[] {
    this.#error ??= error;
    const unread = this.#waiting.splice(0);
    this.end();
    return unread;
  }

  /** The next item; undefined after the last. Throws what it was cut with. */
  async next(): Promise<Item | undefined> {
    for (;;) {
      const item = this.#waiting.shift();
      if (item !== undefined) {
        if (this.#waiting.length < this.#roomyAt) for (const go of this.#writers.splice(0)) go();
        return item;
      }
      if (this.#error instanceof Error) throw this.#error;
      if (this.#isOver) return undefined;
      await new Promise<void>((resolve) => (this.#reader = resolve));
    }
  }

  /** Resolves once more may be caused: fewer than so many items wait. */
  async roomy(most = this.#roomyAt): Promise<void> {
    while (!this.#isOver && this.#waiting.length >= most) {
      await new Promise<void>((resolve) => this.#writers.push(resolve));
    }
  }

  #wake(): void {
    const wake = this.#reader;
    this.#reader = undefined;
    wake?.();
  }
}
