/** What a watch yields: a record, as it is when it is read. */
export interface Change<Row> {
  readonly record: string;
  /** Undefined when it holds nothing any more. */
  readonly row: Row | undefined;
}

/**
 * Records that changed and were not read yet, each once: a slow reader misses steps in between and
 * never what a record has become, and keeps nobody waiting.
 */
export class Changes {
  readonly #records = new Set<string>();
  #wake = () => {};

  add(records: Iterable<string>): void {
    for (const record of records) this.#records.add(record);
    this.#wake();
  }

  /** The records, as they come; ends when the signal aborts. */
  async *read(signal: AbortSignal): AsyncGenerator<string, void, void> {
    const wake = () => this.#wake();
    signal.addEventListener("abort", wake, { once: true });
    try {
      while (!signal.aborted) {
        const [record] = this.#records;
        if (record === undefined) {
          await new Promise<void>((resolve) => (this.#wake = resolve));
          continue;
        }
        this.#records.delete(record);
        yield record;
      }
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }
}
