import { create } from "@bufbuild/protobuf";
import { Code, type Client } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { WorkerSchema, type Worker } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import type { WorkService } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { hex } from "@foedus/kernel/bytes.ts";
import type { World } from "@foedus/kernel/world.ts";
import { FoedusError } from "../error.ts";
import { linked, orAborted, type Linked } from "../signals.ts";
import { isPassing, waitMs } from "../wire/persist.ts";
import { jobOf } from "./job.ts";
import { Roster } from "./roster.ts";
import { Shift, type Ending } from "./shift.ts";
import type { Tasks } from "./tasks.ts";
import type { TaskWorker, Work, WorkerState, WorkOptions } from "./work.ts";

/** What a worker runs on. */
export interface WorkerKit {
  readonly world: World;
  readonly client: Client<typeof WorkService>;
  readonly tasks: Pick<Tasks, "submit">;
  /** Ends it; its reason is a FoedusError. */
  readonly ended: AbortSignal;
  readonly moving: () => AbortSignal;
}

const graceMsDefault = 30_000;
/** Timers know no longer spans. */
const graceMsMax = 2_147_483_647;
/** How long a worker that leaves waits for whoever works to stop, and for the hub's word. */
const partingMs = 5_000;
/** A stream that ends sooner than this counts as a failed attempt. */
const steadyMs = 2_000;
/** How long to wait where trying again is of little use until somebody acts. */
const hopelessMs = 15_000;

/** A worker that takes tasks from now on. @throws FoedusError INVALID_REQUEST */
export function openWorker(kit: WorkerKit, options: WorkOptions, work: Work): TaskWorker {
  return new OpenWorker(kit, options, work);
}

class OpenWorker implements TaskWorker {
  readonly name: string;
  readonly queue: string;
  readonly #kit: WorkerKit;
  readonly #options: WorkOptions;
  readonly #worker: Worker;
  readonly #roster: Roster;
  readonly #over: Linked;
  readonly #done: Promise<void>;
  /** Aborts when a worker that leaves is to wait no longer for those underway. */
  readonly #hurry = new AbortController();
  #shift: Shift | undefined;
  #isParting = false;
  #isOpen = false;
  #waiting: FoedusError | undefined;
  #leaving: Promise<void> | undefined;

  constructor(kit: WorkerKit, options: WorkOptions, work: Work) {
    this.#kit = kit;
    this.#options = options;
    this.#worker = workerOf(kit, options);
    this.name = this.#worker.name;
    this.queue = this.#worker.queue;
    const act = async (duty: Parameters<typeof jobOf>[0]) => await work(jobOf(duty, kit.tasks));
    this.#roster = new Roster(kit.world, this.#worker.concurrency, act);
    this.#over = linked(kit.ended);
    const { signal } = options;
    const close = () => void this.close();
    signal?.addEventListener("abort", close, { once: true, signal: this.signal });
    this.#done = this.#keepWorking();
    if (signal?.aborted === true) close();
  }

  get signal(): AbortSignal {
    return this.#over.signal;
  }

  status(): WorkerState {
    const isDraining = this.#leaving !== undefined;
    const standing = this.#isOpen ? "open" : "waiting";
    return {
      ...this.#roster.counts(),
      room: isDraining ? 0 : this.#roster.room,
      connection: this.signal.aborted ? "closed" : isDraining ? "draining" : standing,
      waiting: this.#waiting,
    };
  }

  async ready(signal?: AbortSignal): Promise<void> {
    using both = linked(this.signal, signal);
    while (!this.#isOpen) await orAborted(this.#roster.changed, both.signal);
  }

  async drain(signal?: AbortSignal): Promise<void> {
    const { graceMs = graceMsDefault } = this.#options;
    const hurry = () => this.#hurry.abort();
    const late = this.#kit.world.timers.after(Math.min(graceMs, graceMsMax), hurry);
    signal?.addEventListener("abort", hurry, { once: true, signal: this.signal });
    if (signal?.aborted === true) hurry();
    await (this.#leaving ??= this.#leave());
    late.cancel();
  }

  async close(): Promise<void> {
    this.#hurry.abort();
    await (this.#leaving ??= this.#leave());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Those underway may finish until it is to hurry; then they are asked to stop. */
  async #leave(): Promise<void> {
    const roster = this.#roster;
    roster.ring();
    await this.#until(() => roster.isEmpty, this.#hurry.signal);
    for (const duty of roster.held) duty.stop("draining", "its worker leaves");
    await this.#within(partingMs, () => roster.running === 0);
    for (const duty of roster.held) duty.finish({ case: "returned", value: true });
    await this.#within(this.#isOpen ? partingMs : 0, () => roster.held.length === 0);
    this.#isParting = true;
    this.#shift?.leave();
    if (!this.#isOpen) this.#end();
    await this.#done;
    this.#end();
    this.#over[Symbol.dispose]();
  }

  #end(error = new FoedusError(Reason.NODE_CLOSED)): void {
    this.#over.abort(error);
    this.#roster.end();
  }

  async #within(ms: number, holds: () => boolean): Promise<void> {
    using patience = linked(this.signal);
    const late = this.#kit.world.timers.after(ms, () => patience.abort());
    await this.#until(holds, patience.signal);
    late.cancel();
  }

  async #until(holds: () => boolean, signal: AbortSignal): Promise<void> {
    using either = linked(this.signal, signal);
    while (!holds() && !either.signal.aborted) {
      await orAborted(this.#roster.changed, either.signal).catch(() => undefined);
    }
  }

  /** One stream after the other, until it is over. */
  async #keepWorking(): Promise<void> {
    const { world, moving } = this.#kit;
    for (let attempt = 1; !this.signal.aborted && !this.#isParting; attempt += 1) {
      const startMs = world.clock.monotonic();
      const mover = moving();
      const ending = await this.#oneShift(mover);
      if (this.signal.aborted || this.#isParting) break;
      if (world.clock.monotonic() - startMs > steadyMs) attempt = 0;
      if (ending.kind === "left" || mover.aborted) continue;
      await this.#pause(ending, Math.max(1, attempt));
    }
    this.#end();
  }

  async #oneShift(mover: AbortSignal): Promise<Ending> {
    const { world, client } = this.#kit;
    const opened = () => {
      this.#isOpen = true;
      this.#waiting = undefined;
      this.#roster.ring();
    };
    const isDraining = () => this.#leaving !== undefined;
    const words = { world, client, worker: this.#worker, roster: this.#roster };
    const shift = new Shift({ ...words, isDraining, opened }, this.signal);
    this.#shift = shift;
    mover.addEventListener("abort", shift.leave, { once: true });
    try {
      return await shift.run();
    } finally {
      mover.removeEventListener("abort", shift.leave);
      this.#shift = undefined;
      this.#isOpen = false;
    }
  }

  /** Waits before the next stream, or ends where no other could do better. */
  async #pause(ending: Exclude<Ending, { kind: "left" }>, attempt: number): Promise<void> {
    const { world } = this.#kit;
    if (ending.kind === "away") {
      // Not all who were sent away come back at once.
      return await world.timers.sleep(ending.ms * (1 + world.random.fraction() / 2), this.signal);
    }
    const { error } = ending;
    if (isOfWorker(error)) return this.#end(error);
    this.#waiting = error;
    this.#options.interrupted?.(error);
    const againMs = waitMs(error, attempt, world);
    await world.timers.sleep(isPassing(error) ? againMs : hopelessMs, this.signal);
  }
}

/** Whether no hub would take it; what is refused of one task is no reason to leave all others. */
function isOfWorker({ code, facts }: FoedusError): boolean {
  return code === Code.InvalidArgument && facts["field"]?.startsWith("worker") === true;
}

const nameBytes = 5;

/** What it says of itself; what no hub would take is refused at once. */
function workerOf({ world }: WorkerKit, options: WorkOptions): Worker {
  const { queue, kinds = [], capabilities = [], labels = {}, models = [] } = options;
  const { concurrency = 1, name = `worker-${hex(world.random.bytes(nameBytes))}` } = options;
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(queue)) throw invalid("queue: a slug is wanted");
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > concurrencyMax) {
    throw invalid(`concurrency: a whole number from 1 to ${concurrencyMax} is wanted`);
  }
  if (name === "" || name.length > nameLengthMax) {
    throw invalid(`name: 1 to ${nameLengthMax} letters are wanted`);
  }
  return create(WorkerSchema, {
    name,
    queue,
    concurrency,
    kinds: [...kinds],
    capabilities: [...capabilities],
    labels: { ...labels },
    models: [...models],
  });
}

const concurrencyMax = 1_000;
const nameLengthMax = 64;

function invalid(violation: string): FoedusError {
  return new FoedusError(Reason.INVALID_REQUEST, { violation });
}
