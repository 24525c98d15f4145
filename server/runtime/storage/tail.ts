import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Log } from "../log.ts";
import type { LogFilter, LogName, LogPage } from "./log.ts";
import { readHead, readLog } from "./log.ts";
import { Ring, takes } from "./ring.ts";
import type { Storage } from "./storage.ts";

/** One reader at the end of a tenant's log. */
export interface TailReader {
  /** What stands after the cursor, at most `limit` entries looked at; never waits for more. */
  read(after: bigint, limit: number, filter: LogFilter): Promise<LogPage>;
  /** Resolves when something stands after the cursor, after `ms`, or when the signal aborts. */
  grown(after: bigint, ms: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

/**
 * Other hubs over the same database give no hints: their entries are seen after this at the
 * latest.
 */
const lookMs = 250;
const pageMax = 500;

/**
 * Readers of the ends of one log. However many read a tenant's, one query a step serves them all;
 * who falls behind what is held reads the table by its own cursor, and slows nobody down.
 */
export function openTails(
  storage: Storage,
  log: LogName,
  out: Log,
): (tenant: TenantId) => TailReader {
  const tails = new Map<TenantId, Tail>();
  return (tenant) => {
    const tail = tails.get(tenant) ?? new Tail(storage, log, tenant, out);
    tails.set(tenant, tail);
    tail.enter();
    let open = true;
    return {
      read: (after, limit, filter) => tail.read(after, limit, filter),
      grown: (after, ms, signal) => tail.grown(after, ms, signal),
      close: () => {
        if (open && tail.leave() === 0) tails.delete(tenant);
        open = false;
      },
    };
  };
}

interface Waiter {
  readonly after: bigint;
  wake(): void;
}

class Tail {
  readonly #storage: Storage;
  readonly #log: LogName;
  readonly #tenant: TenantId;
  readonly #out: Log;
  readonly #stop = new AbortController();
  readonly #waiters = new Set<Waiter>();
  #ring: Ring | undefined;
  #readers = 0;

  constructor(storage: Storage, log: LogName, tenant: TenantId, out: Log) {
    this.#storage = storage;
    this.#log = log;
    this.#tenant = tenant;
    this.#out = out;
  }

  enter(): void {
    this.#readers += 1;
    if (this.#readers === 1) void this.#run();
  }

  leave(): number {
    this.#readers -= 1;
    if (this.#readers === 0) this.#stop.abort();
    return this.#readers;
  }

  async read(after: bigint, limit: number, filter: LogFilter): Promise<LogPage> {
    const ring = this.#ring;
    if (ring === undefined || !ring.covers(after)) {
      return await this.#storage.tenant(this.#tenant, (tx) =>
        readLog(tx, this.#log, after, limit, filter),
      );
    }
    const looked = ring.after(after, limit);
    const entries = looked.filter((entry) => takes(filter, entry));
    const cursor = looked.at(-1)?.seq ?? after;
    return { entries, gap: undefined, cursor, head: ring.last > after ? ring.last : after };
  }

  grown(after: bigint, ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted || (this.#ring !== undefined && this.#ring.last > after)) return resolve();
      const wake = () => {
        timer.cancel();
        this.#waiters.delete(waiter);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const waiter = { after, wake };
      const timer = this.#storage.world.timers.after(ms, wake);
      this.#waiters.add(waiter);
      signal.addEventListener("abort", wake, { once: true });
    });
  }

  /** A store that does not answer delays the readers; it does not end them. */
  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const pause = new AbortController();
      const either = AbortSignal.any([signal, pause.signal]);
      const rung = this.#storage.wake.next(this.#log, this.#tenant, either);
      const more = await this.#step().catch((error: unknown) => {
        this.#out.warn("the end of a log cannot be read", { log: this.#log, error });
        return false;
      });
      if (!more) await Promise.race([rung, this.#storage.world.timers.sleep(lookMs, either)]);
      pause.abort();
    }
  }

  /** Takes in one page; true when there is more. */
  async #step(): Promise<boolean> {
    const ring = this.#ring;
    if (ring === undefined) {
      const head = await this.#storage.tenant(this.#tenant, (tx) => readHead(tx, this.#log));
      this.#ring = new Ring(head.seq);
    } else {
      const page = await this.#storage.tenant(this.#tenant, (tx) =>
        readLog(tx, this.#log, ring.last, pageMax),
      );
      if (page.cursor === ring.last) return false;
      ring.push(page.entries, page.cursor);
    }
    const last = this.#ring?.last ?? 0n;
    for (const { after, wake } of this.#waiters) if (last > after) wake();
    return true;
  }
}
