import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { FoedusError } from "../error.ts";
import { errorOf } from "../error.wire.ts";
import { linked, orAborted, type Linked } from "../signals.ts";
import { isPassing, waitMs } from "../wire/persist.ts";
import type { TasksKit } from "./tasks.open.ts";

/** How long one call waits; a hub that allows less answers sooner. */
const patienceMs = 50_000;
/** Of more tasks than all calls carry, each has its turn so often. */
const turnMs = 1_000;
/** A hub that says nothing for so much longer is gone. */
const silenceMs = 15_000;
/** Those who begin to wait within so long share a call. */
const gatherMs = 1;
/** What the hub takes in one call. */
const idsMax = 1_000;
const idLengthMax = 64;
/** One for most, and one for those who came meanwhile. */
const callsMax = 2;
/** So many calls come at once, and then one after another: others have calls to make as well. */
const burst = 32;
const everyMs = 250;

/** A task whose end is waited for. */
export interface Awaited extends Disposable {
  readonly ended: Promise<Task>;
}

/** Whether the hub may be asked now for what somebody waits for. */
type MayAsk = () => boolean;

interface Waiter {
  readonly mayAsk: MayAsk;
}

interface Wanted {
  readonly ended: PromiseWithResolvers<Task>;
  readonly waiters: Set<Waiter>;
}

interface Call {
  readonly ids: ReadonlySet<string>;
  /** Whether it lasts so long that newcomers cannot wait for it. */
  readonly isPatient: boolean;
  readonly over: Linked;
}

/** The ends of tasks, however many are waited for, by one call for all or two. */
export class Ends {
  readonly #kit: TasksKit;
  readonly #wanted = new Map<string, Wanted>();
  readonly #calls = new Set<Call>();
  #isPlanned = false;
  #failures = 0;
  /** When the next call would be due if all came evenly. */
  #dueMs = 0;
  #notBeforeMs = 0;

  constructor(kit: TasksKit) {
    this.#kit = kit;
  }

  /** A task once it has ended. @throws FoedusError; the reason of whichever signal aborts. */
  async of(id: string, signal: AbortSignal | undefined): Promise<Task> {
    using both = linked(this.#kit.ended, signal);
    both.signal.throwIfAborted();
    using awaited = this.await(id);
    return await orAborted(awaited.ended, both.signal);
  }

  /**
   * The same for whoever waits for many: until it is disposed of, the hub is asked for it whenever
   * it may be; `again` tells that it may be once more.
   */
  await(id: string, mayAsk: MayAsk = () => true): Awaited {
    // It would spoil the call of all others.
    if (id.length > idLengthMax) throw tooLong();
    const wanted = this.#want(id);
    const waiter = { mayAsk };
    wanted.waiters.add(waiter);
    return {
      ended: wanted.ended.promise,
      [Symbol.dispose]: () => {
        if (wanted.waiters.delete(waiter) && wanted.waiters.size === 0) this.#forget(id, wanted);
      },
    };
  }

  /** Asks for those that could not be asked for. */
  again(): void {
    this.#plan();
  }

  #want(id: string): Wanted {
    // Whoever comes may ask, though others who wait for the same may not now.
    this.#plan();
    const known = this.#wanted.get(id);
    if (known !== undefined) return known;
    const wanted: Wanted = { ended: Promise.withResolvers(), waiters: new Set() };
    this.#wanted.set(id, wanted);
    return wanted;
  }

  #forget(id: string, wanted: Wanted): void {
    if (this.#wanted.get(id) !== wanted) return;
    this.#wanted.delete(id);
    for (const { ids, over } of this.#calls) {
      if (ids.has(id) && !this.#isAnyWanted(ids)) over.abort();
    }
  }

  #isAnyWanted(ids: ReadonlySet<string>): boolean {
    for (const id of ids) if (this.#wanted.has(id)) return true;
    return false;
  }

  /** Asks soon for those that no call asks for. */
  #plan(): void {
    const { world, ended } = this.#kit;
    if (this.#isPlanned || ended.aborted) return;
    this.#isPlanned = true;
    const nowMs = world.clock.monotonic();
    const paceMs = this.#dueMs - burst * everyMs - nowMs;
    const ms = Math.max(gatherMs, paceMs, this.#notBeforeMs - nowMs);
    void this.#askIn(ms);
  }

  async #askIn(ms: number): Promise<void> {
    await this.#kit.world.timers.sleep(ms, this.#kit.ended);
    this.#isPlanned = false;
    this.#ask();
  }

  #ask(): void {
    const asked = new Set([...this.#calls].flatMap(({ ids }) => [...ids]));
    const free = this.#askable(idsMax + 1, asked);
    if (free.length === 0 || this.#kit.ended.aborted) return;
    if (this.#calls.size < callsMax) {
      void this.#call(new Set(free.slice(0, idsMax)));
      if (free.length > idsMax) this.#plan();
    } else {
      // Those of the smaller one are asked for again, together with the newcomers.
      const patient = [...this.#calls].filter(({ isPatient }) => isPatient);
      const [smaller] = patient.toSorted((one, other) => one.ids.size - other.ids.size);
      smaller?.over.abort();
    }
  }

  /** So many at most, without looking at all who wait: of a great many, each call takes a few. */
  #askable(max: number, but: ReadonlySet<string> = new Set()): string[] {
    const found: string[] = [];
    for (const [id, { waiters }] of this.#wanted) {
      if (found.length === max) break;
      if (!but.has(id) && isAskable(waiters)) found.push(id);
    }
    return found;
  }

  get #isCrowded(): boolean {
    const max = callsMax * idsMax;
    return this.#wanted.size > max && this.#askable(max + 1).length > max;
  }

  async #call(ids: ReadonlySet<string>): Promise<void> {
    const { world, client, ended, moving } = this.#kit;
    using over = linked(ended, moving?.());
    const isPatient = !this.#isCrowded;
    const call = { ids, isPatient, over };
    this.#calls.add(call);
    this.#dueMs = Math.max(this.#dueMs, world.clock.monotonic()) + everyMs;
    const waitedMs = isPatient ? patienceMs : turnMs;
    try {
      const request = { taskIds: [...ids], wait: durationFromMs(waitedMs) };
      const options = { signal: over.signal, timeoutMs: waitedMs + silenceMs };
      const { tasks, unknownIds } = await client.waitTasks(request, options);
      this.#failures = 0;
      for (const task of tasks) this.#take(task.id)?.ended.resolve(task);
      for (const id of unknownIds) {
        const unknown = new FoedusError(Reason.NOT_FOUND, { object: `task ${id}` });
        this.#take(id)?.ended.reject(unknown);
      }
    } catch (thrown) {
      if (!over.signal.aborted) this.#failed(ids, errorOf(thrown));
    } finally {
      this.#calls.delete(call);
      this.#putBack(ids);
      this.#plan();
    }
  }

  /** Passing failures are waited out; any other would come again. */
  #failed(ids: ReadonlySet<string>, error: FoedusError): void {
    const { world } = this.#kit;
    if (!isPassing(error)) {
      for (const id of ids) this.#take(id)?.ended.reject(error);
      return;
    }
    this.#kit.interrupted?.(error);
    this.#failures += 1;
    this.#notBeforeMs = world.clock.monotonic() + waitMs(error, this.#failures, world);
  }

  /** Behind all others: where there are too many for all calls, everyone has a turn. */
  #putBack(ids: ReadonlySet<string>): void {
    for (const id of ids) {
      const wanted = this.#take(id);
      if (wanted !== undefined) this.#wanted.set(id, wanted);
    }
  }

  #take(id: string): Wanted | undefined {
    const wanted = this.#wanted.get(id);
    this.#wanted.delete(id);
    return wanted;
  }
}

function isAskable(waiters: ReadonlySet<Waiter>): boolean {
  for (const { mayAsk } of waiters) if (mayAsk()) return true;
  return false;
}

function tooLong(): FoedusError {
  const violation = `task_id: at most ${idLengthMax} letters are wanted`;
  return new FoedusError(Reason.INVALID_REQUEST, { violation });
}
