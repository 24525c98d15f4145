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

interface Wanted {
  readonly ended: PromiseWithResolvers<Task>;
  waiters: number;
}

interface Call {
  readonly ids: ReadonlySet<string>;
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

  /** The same for whoever waits for many: until it is disposed of, the hub is asked for it. */
  await(id: string): Awaited {
    // It would spoil the call of all others.
    if (id.length > idLengthMax) throw tooLong();
    const wanted = this.#want(id);
    wanted.waiters += 1;
    let isLetGo = false;
    return {
      ended: wanted.ended.promise,
      [Symbol.dispose]: () => {
        if (isLetGo) return;
        isLetGo = true;
        wanted.waiters -= 1;
        if (wanted.waiters === 0) this.#forget(id, wanted);
      },
    };
  }

  #want(id: string): Wanted {
    const known = this.#wanted.get(id);
    if (known !== undefined) return known;
    const wanted = { ended: Promise.withResolvers<Task>(), waiters: 0 };
    this.#wanted.set(id, wanted);
    this.#plan();
    return wanted;
  }

  #forget(id: string, wanted: Wanted): void {
    if (this.#wanted.get(id) !== wanted) return;
    this.#wanted.delete(id);
    for (const { ids, over } of this.#calls) {
      if (![...ids].some((each) => this.#wanted.has(each))) over.abort();
    }
  }

  /** Asks soon for those that no call asks for. */
  #plan(): void {
    const { world, ended } = this.#kit;
    if (this.#isPlanned || ended.aborted || this.#wanted.size === 0) return;
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
    const free = [...this.#wanted.keys()].filter((id) => !asked.has(id));
    if (free.length === 0 || this.#kit.ended.aborted) return;
    if (this.#calls.size < callsMax) {
      void this.#call(new Set(free.slice(0, idsMax)));
      if (free.length > idsMax) this.#plan();
    } else if (!this.#isCrowded) {
      // Those of the smaller one are asked for again, together with the newcomers.
      const [smaller] = [...this.#calls].toSorted((one, other) => one.ids.size - other.ids.size);
      smaller?.over.abort();
    }
  }

  get #isCrowded(): boolean {
    return this.#wanted.size > callsMax * idsMax;
  }

  async #call(ids: ReadonlySet<string>): Promise<void> {
    const { world, client, ended, moving } = this.#kit;
    using over = linked(ended, moving?.());
    const call = { ids, over };
    this.#calls.add(call);
    this.#dueMs = Math.max(this.#dueMs, world.clock.monotonic()) + everyMs;
    const waitedMs = this.#isCrowded ? turnMs : patienceMs;
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

function tooLong(): FoedusError {
  const violation = `task_id: at most ${idLengthMax} letters are wanted`;
  return new FoedusError(Reason.INVALID_REQUEST, { violation });
}
