import type { LogEntry, LogFilter } from "./log.ts";

/** How much of the end of a log is held for its readers. */
const entriesMax = 2_048;
const bytesMax = 4 * 1_048_576;

/** The last entries of a log, without a hole, up to a bound. */
export class Ring {
  #entries: LogEntry[] = [];
  #bytes = 0;
  #last: bigint;

  constructor(last: bigint) {
    this.#last = last;
  }

  /** The number of the newest entry, held or not. */
  get last(): bigint {
    return this.#last;
  }

  /** Whether everything after the cursor is held. */
  covers(after: bigint): boolean {
    return after >= this.#last - BigInt(this.#entries.length);
  }

  /** Adds what follows; the oldest give way. */
  push(entries: readonly LogEntry[], last: bigint): void {
    const [first] = entries;
    if (first === undefined || first.seq !== this.#last + 1n) this.#clear();
    for (const entry of entries) this.#bytes += entry.body.length;
    this.#entries.push(...entries);
    this.#last = last;
    this.#trim();
  }

  /** Up to `limit` entries after a covered cursor. */
  after(cursor: bigint, limit: number): LogEntry[] {
    const start = this.#entries.length - Number(this.#last - cursor);
    return cursor >= this.#last ? [] : this.#entries.slice(start, start + limit);
  }

  #trim(): void {
    const over = this.#entries.length - entriesMax;
    let drop = 0;
    for (const entry of this.#entries) {
      if (drop >= over && this.#bytes <= bytesMax) break;
      this.#bytes -= entry.body.length;
      drop += 1;
    }
    if (drop > 0) this.#entries = this.#entries.slice(drop);
  }

  #clear(): void {
    this.#entries = [];
    this.#bytes = 0;
  }
}

/** Whether a filter takes an entry, as `readLog` would. */
export function takes(filter: LogFilter, entry: LogEntry): boolean {
  const { kinds = [], sources = [], subjects = [] } = filter;
  return (
    (kinds.length === 0 || kinds.some((kind) => matches(kind, entry.kind))) &&
    (sources.length === 0 || sources.includes(entry.source)) &&
    (subjects.length === 0 || subjects.includes(entry.subject))
  );
}

function matches(wanted: string, kind: string): boolean {
  return wanted.endsWith(".*") ? kind.startsWith(wanted.slice(0, -1)) : kind === wanted;
}
