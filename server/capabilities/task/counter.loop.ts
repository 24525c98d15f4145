import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Timer } from "@foedus/kernel/world.ts";
import { isOfValues } from "../../runtime/storage/fault.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { claimTasks } from "./claim.store.ts";
import { Lines, type Fit } from "./fitting.ts";
import { linesOf } from "./line.store.ts";
import { Waiter, type Wish } from "./waiter.flow.ts";

/** Waiters that one statement asks for, at most. */
const waitersMax = 256;
/** At least so many, however little came. */
const waitersMin = 16;
/** Tasks that one statement takes, at most. */
const tasksMax = 1_024;
/** Where nothing is ready, newcomers are asked for together. */
const gatherMs = 100;
/** Lines are read again no more often, if nobody names a new one. */
const linesMs = 1_000;
/** Lines that were read before may lack new ones of other processes: whatever comes, no longer. */
export const linesOldMs = 3_000;
/** After the database failed. */
const failedMs = 500;

/** What rang since the last round: lines, or nobody knows which; and how many tasks came. */
interface Rung {
  readonly lines: Set<string>;
  all: boolean;
  count: number;
}

/** Waiters that fit the same lines; the fresh ones were not asked for yet. */
interface Group {
  readonly fit: Fit;
  readonly waiters: Set<Waiter>;
  readonly fresh: Set<Waiter>;
}

/** Claims of many workers at one queue: asked for together, shared out fairly, in turns. */
export class Counter {
  /** How the queue stood when it was last looked at, and when it is rung at again. */
  looked = { mark: "", dueMs: 0, waitMs: 0 };
  readonly tenant: TenantId;
  readonly queue: string;
  readonly #storage: Storage;
  readonly #all = new Set<Waiter>();
  readonly #placeless = new Set<Waiter>();
  #groups = new Map<Fit, Group>();
  #lines: Lines | undefined;
  /** When the lines were read, and whether anything may have come into a new one meanwhile. */
  #linesRead = { atMs: 0, isDoubted: false };
  #rung: Rung = { lines: new Set(), all: false, count: 0 };
  #isRunning = false;
  /** The last claim got less than it wanted, and nothing rang since. */
  #isDry = false;
  #wake: (() => void) | undefined;
  #again: Timer | undefined;

  constructor(storage: Storage, tenant: TenantId, queue: string) {
    this.#storage = storage;
    this.tenant = tenant;
    this.queue = queue;
  }

  get size(): number {
    return this.#all.size;
  }

  add(wish: Wish): Waiter {
    const waiter = new Waiter(wish, {
      left: (one) => this.#remove(one),
      hurries: () => this.#wake?.(),
    });
    this.#all.add(waiter);
    this.#placeless.add(waiter);
    this.#run();
    return waiter;
  }

  /** Tasks came into a line; undefined when nobody knows which. */
  ring(line?: string): void {
    this.#rung.count += 1;
    this.#isDry = false;
    if (line === undefined) this.#rung.all = true;
    else this.#rung.lines.add(line);
    this.#wake?.();
    this.#run();
  }

  #run(): void {
    if (this.#isRunning || this.#all.size === 0) return;
    this.#isRunning = true;
    void this.#rounds();
  }

  /** Until nobody is new and nothing rang. */
  async #rounds(): Promise<void> {
    for (;;) {
      if (this.#rung.count === 0 && this.#placeless.size === 0) {
        // Not later than this is found: whoever comes next would be left.
        this.#isRunning = false;
        return;
      }
      const isPatient = [...this.#placeless].every((waiter) => waiter.isPatient);
      if (this.#rung.count === 0 && this.#isDry && isPatient) await this.#gather();
      const rung = this.#rung;
      this.#rung = { lines: new Set(), all: false, count: 0 };
      try {
        await this.#round(rung);
      } catch (error) {
        // Whoever asks once hears of it; a stream waits until it is over.
        for (const waiter of this.#placeless) if (waiter.wish.mayRepeat) waiter.fail(error);
        await this.#storage.world.timers.sleep(failedMs);
        if (this.#all.size > 0) this.#rung.all = true;
        this.#rung.count += this.#all.size;
      }
    }
  }

  async #gather(): Promise<void> {
    const ending = new AbortController();
    this.#wake = () => ending.abort();
    await this.#storage.world.timers.sleep(gatherMs, ending.signal);
    this.#wake = undefined;
  }

  async #round(rung: Rung): Promise<void> {
    await this.#place(rung);
    for (const group of this.#groups.values()) {
      const news = rung.all ? group.fit : group.fit.filter((line) => rung.lines.has(line));
      const fresh = [...group.fresh];
      group.fresh.clear();
      if (fresh.length > 0) await this.#welcome(fresh, group.fit);
      if (news.length > 0) await this.#serve([...group.waiters], news, rung.count);
    }
  }

  /** Newcomers are asked for once, even where nothing is ready: a claim may be an old one. */
  async #welcome(fresh: readonly Waiter[], fit: Fit): Promise<void> {
    let isOpen = fit.length > 0;
    for (let at = 0; at < fresh.length;) {
      const batch = batchOf(fresh.slice(at), waitersMax);
      at += batch.passed;
      const asked = batch.waiters.filter(({ wish }) => isOpen || wish.mayRepeat);
      isOpen = (await this.#claim(asked, isOpen ? fit : [])) && isOpen;
    }
  }

  /** As long as there is as much as they want. */
  async #serve(waiters: readonly Waiter[], lines: Fit, count: number): Promise<void> {
    let most = Math.min(waitersMax, Math.max(waitersMin, count));
    for (let at = 0; at < waiters.length;) {
      const batch = batchOf(waiters.slice(at, at + waitersMax), most);
      at += batch.passed;
      if (batch.waiters.length === 0) continue;
      if (!(await this.#claim(batch.waiters, lines))) return;
      most = waitersMax;
    }
  }

  /** Whether there was as much as they wanted. */
  async #claim(waiters: readonly Waiter[], lines: Fit): Promise<boolean> {
    if (waiters.length === 0) return true;
    for (const waiter of waiters) waiter.ask();
    const wishes = waiters.map(({ wish }) => ({ ...wish.holder, count: wish.count() }));
    const { tenant, queue } = this;
    const claimed = await claimTasks(this.#storage, { tenant, queue, lines, wishes }).catch(
      (error: unknown) => this.#failed(waiters, error),
    );
    if (claimed === undefined) return await this.#claimSingly(waiters, lines);
    const { tasks, againMs } = claimed;
    for (const [at, waiter] of waiters.entries()) waiter.answer(tasks[at] ?? []);
    if (againMs !== undefined) this.#ringIn(againMs);
    const isFull = wishes.every(({ count }, at) => (tasks[at]?.length ?? 0) >= count);
    this.#isDry = !isFull;
    return isFull;
  }

  /** Whoever asks once hears of it; a stream waits until it is over, unless it is for its data. */
  #failed(waiters: readonly Waiter[], error: unknown): undefined {
    const isTheirs = isOfValues(error);
    if (isTheirs && waiters.length > 1) return;
    for (const waiter of waiters) {
      if (isTheirs || waiter.wish.mayRepeat) waiter.fail(error);
      else waiter.answer([]);
    }
    if (!isTheirs) throw error;
  }

  /** What one of them brings is at fault: it spoils nothing for the others. */
  async #claimSingly(waiters: readonly Waiter[], lines: Fit): Promise<boolean> {
    if (waiters.length === 1) return true;
    let isFull = true;
    for (const [at, waiter] of waiters.entries()) {
      try {
        isFull = (await this.#claim([waiter], lines)) && isFull;
      } catch (error) {
        // Nobody is asked for after that: the others must not seem to be.
        this.#failed(waiters.slice(at + 1), error);
        throw error;
      }
    }
    return isFull;
  }

  /** When the rate lets more pass, they are asked for again. */
  #ringIn(ms: number): void {
    this.#again?.cancel();
    this.#again = this.#storage.world.timers.after(ms, () => this.ring());
  }

  /** Everybody stands with those that fit the same lines. */
  async #place(rung: Rung): Promise<void> {
    const lines = await this.#linesFor(rung);
    if (lines !== this.#lines) {
      const before = this.#groups;
      this.#groups = new Map();
      for (const { waiters, fresh } of before.values()) {
        for (const waiter of waiters) this.#put(waiter, lines, fresh.has(waiter));
      }
      this.#lines = lines;
    }
    for (const waiter of this.#placeless) this.#put(waiter, lines, true);
    this.#placeless.clear();
  }

  #put(waiter: Waiter, lines: Lines, isFresh: boolean): void {
    const fit = lines.of(waiter.wish, waiter.words);
    const known = this.#groups.get(fit);
    const group = known ?? { fit, waiters: new Set<Waiter>(), fresh: new Set<Waiter>() };
    this.#groups.set(fit, group);
    group.waiters.add(waiter);
    if (isFresh) group.fresh.add(waiter);
  }

  /** Lines as they are known, or read again; new ones count as rung. */
  async #linesFor(rung: Rung): Promise<Lines> {
    const known = this.#lines;
    const nowMs = this.#storage.world.clock.monotonic();
    const { atMs, isDoubted } = this.#linesRead;
    const isOld = nowMs - atMs >= (rung.all ? linesMs : linesOldMs) || (rung.all && isDoubted);
    const isUnknown = [...rung.lines].some((line) => known?.ids.has(line) !== true);
    if (known !== undefined && !isOld && !isUnknown) return known;
    const lines = await linesOf(this.#storage, this.tenant, this.queue);
    // What rang while they were read may be in a line that was not there yet.
    this.#linesRead = { atMs: nowMs, isDoubted: this.#rung.all };
    if (known?.isOf(lines) === true) return known;
    for (const { id } of lines) if (known?.ids.has(id) === false) rung.lines.add(id);
    return new Lines(lines);
  }

  #remove(waiter: Waiter): void {
    this.#all.delete(waiter);
    this.#placeless.delete(waiter);
    for (const [fit, { waiters, fresh }] of this.#groups) {
      fresh.delete(waiter);
      if (waiters.delete(waiter) && waiters.size === 0) this.#groups.delete(fit);
    }
  }
}

/** The first of them that want something, and how many were passed for it. */
function batchOf(waiters: readonly Waiter[], most: number) {
  const batch: Waiter[] = [];
  let [tasks, passed] = [0, 0];
  for (const waiter of waiters) {
    const count = waiter.isOpen ? waiter.wish.count() : 0;
    if (batch.length >= most || (batch.length > 0 && tasks + count > tasksMax)) break;
    passed += 1;
    if (count === 0) continue;
    batch.push(waiter);
    tasks += count;
  }
  return { waiters: batch, passed };
}
