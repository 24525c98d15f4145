import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationMs } from "@bufbuild/protobuf/wkt";
import {
  ReportSchema,
  WorkerSchema,
  type Assignment,
  type Hold,
  type Report,
} from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import {
  WorkRequestSchema,
  WorkService,
  type WorkRequest,
  type WorkResponse,
} from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { backoffMs, reconnectBackoff } from "@foedus/kernel/backoff.ts";
import { BoundedQueue } from "@foedus/kernel/queue.ts";
import type { ParentLine } from "../../runtime/parent.ts";
import { leftMsOf, take, type Group, type RelayKit } from "./relay.flow.ts";
import type { Relayed } from "./relay.store.ts";

/** Words that wait for the parent to read them. */
const saidMax = 10_000;
/** A stream that ends sooner than this counts as a failed attempt. */
const steadyMs = 2_000;
/** How long nothing is taken after something went back undone: who seems free does not begin. */
const tiredMs = 15_000;
/** Holds that are taken along in one word. */
const reportsMax = 256;

/** What a shift tells of the parent's tasks, and asks. */
export interface RelayBook {
  /** A task of the parent is here. */
  took(relayed: Relayed, shift: RelayShift): void;
  /** There is something to say about one that is not. */
  say(report: Report): void;
  /** The parent wants one to stop. */
  unwanted(hold: Hold, reason: string): void;
  /** What a shift holds; those of its queue that nobody has are its own from now on. */
  adopt(shift: RelayShift): Relayed[];
  /** How many a shift holds. */
  openOf(shift: RelayShift): number;
  /** Whether it is one of the parent's, by its id here. */
  has(id: string): boolean;
}

/** One sort of workers of one queue, at work for the parent over a stream. */
export class RelayShift {
  readonly queue: string;
  readonly name: string;
  readonly #kit: RelayKit;
  readonly #book: RelayBook;
  #group: Group;
  /** How many tasks of the parent its workers can hold altogether. */
  #capacity = 0;
  /** The same, as the parent knows it; undefined before it may be told. */
  #told: number | undefined;
  #said: BoundedQueue<WorkRequest> | undefined;
  /** Assignments on their way into the database. */
  #underway = 0;
  #attaching = 0;
  #tiredUntilMs = 0;
  #isOver = false;
  /** Why the last stream broke. */
  #why = "";

  constructor(kit: RelayKit, book: RelayBook, group: Group) {
    const { queue, name } = group.worker;
    [this.#kit, this.#book, this.#group, this.queue, this.name] = [kit, book, group, queue, name];
  }

  /** Its workers, as they are now; none that have room when the queue is to rest. */
  staff(group: Group, isResting: boolean): void {
    const before = this.#group.worker;
    this.#group = group;
    if (before.concurrency !== group.worker.concurrency) this.#introduce();
    const all = group.mates.reduce((sum, mate) => {
      const holds = [...mate.holds.keys()].filter((id) => this.#book.has(id));
      return sum + mate.free() + holds.length;
    }, 0);
    const isTired = this.#kit.hub.world.clock.monotonic() < this.#tiredUntilMs;
    this.#capacity = isResting || isTired ? 0 : all;
    this.settle();
  }

  /** Something went back undone. */
  tire(): void {
    this.#tiredUntilMs = this.#kit.hub.world.clock.monotonic() + tiredMs;
    this.rest();
  }

  /** Nobody is left that it could offer. */
  rest(): void {
    this.#capacity = 0;
    this.settle();
  }

  /** Tells the parent how much room there is, unless it knows: what ends makes room by itself. */
  settle(): void {
    if (this.#told === undefined || this.#told === this.#capacity) return;
    const open = this.#book.openOf(this) + this.#underway;
    const room = Math.max(0, this.#capacity - open);
    if (room === 0 && this.#told === 0) return;
    this.#told = room === 0 ? 0 : room + open;
    this.#say({ case: "room", value: Math.min(room, this.#group.worker.concurrency) });
  }

  /** Works until the signal aborts, over one stream after the other. */
  async run(signal: AbortSignal): Promise<void> {
    const { hub } = this.#kit;
    const { clock, timers, random } = hub.world;
    const isOver = () => signal.aborted || hub.draining.aborted || this.#isOver;
    let attempt = 0;
    while (!isOver()) {
      const line = await hub.parent.line(signal);
      if (line === undefined) return;
      const startMs = clock.monotonic();
      try {
        await this.#stream(line, signal);
      } catch (error) {
        if (!isOver()) this.#note(error);
      }
      attempt = clock.monotonic() - startMs > steadyMs ? 1 : attempt + 1;
      if (!isOver()) await timers.sleep(backoffMs(reconnectBackoff, attempt, random), signal);
    }
  }

  /** What was said the last time is not said again. */
  #note(error: unknown): void {
    const why = String(error);
    const { queue } = this;
    if (why !== this.#why) this.#kit.hub.log.warn("no work for the parent now", { queue, error });
    this.#why = why;
  }

  /** Takes no more, and ends once the parent has said all it had to say. */
  end(): void {
    this.#isOver = true;
    this.#drain();
  }

  /** One stream, until either side ends it or its connection grows old. */
  async #stream(line: ParentLine, signal: AbortSignal): Promise<void> {
    const said = (this.#said = new BoundedQueue<WorkRequest>(saidMax));
    const over = new AbortController();
    const drain = () => this.#drain();
    const moving = AbortSignal.any([line.moving(), this.#kit.hub.draining]);
    moving.addEventListener("abort", drain, { once: true });
    this.#introduce();
    this.#attach();
    if (moving.aborted) drain();
    const either = AbortSignal.any([signal, line.signal, over.signal]);
    try {
      for await (const answer of line.client(WorkService).work(said, { signal: either })) {
        await this.#hear(answer, line);
      }
    } finally {
      moving.removeEventListener("abort", drain);
      over.abort();
      said.end();
      if (this.#said === said) [this.#said, this.#told] = [undefined, undefined];
    }
  }

  #introduce(): void {
    const value = create(WorkerSchema, this.#group.worker);
    this.#say({ case: "worker", value });
  }

  /** What it held before comes along; room is told once the parent has it. */
  #attach(): void {
    const holds = this.#book.adopt(this).map(holdOf);
    this.#attaching = holds.length;
    for (let at = 0; at < holds.length; at += reportsMax) {
      const reports = holds.slice(at, at + reportsMax).map((hold) => ({ hold }));
      this.#say({ case: "reports", value: { reports } });
    }
    if (holds.length === 0) this.#open();
  }

  #open(): void {
    this.#told = 0;
    this.settle();
  }

  async #hear({ said }: WorkResponse, line: ParentLine): Promise<void> {
    if (said.case === "assignment") void this.#take(said.value, line);
    if (said.case === "receipt") {
      const { hold, cancelRequested, cancelReason } = said.value;
      if (cancelRequested && hold !== undefined) this.#book.unwanted(hold, cancelReason);
      if (this.#attaching > 0 && --this.#attaching === 0) this.#open();
    }
    if (said.case === "stop" && said.value.hold !== undefined) {
      this.#book.unwanted(said.value.hold, said.value.reason);
    }
    if (said.case === "reconnect") {
      this.#drain();
      await this.#kit.hub.world.timers.sleep(durationMs(said.value), line.signal);
    }
  }

  async #take(assignment: Assignment, { ownTenant }: ParentLine): Promise<void> {
    const { hold } = assignment;
    if (hold === undefined) return;
    this.#underway += 1;
    try {
      const took = await take(this.#kit, ownTenant, assignment, leftMsOf(assignment));
      if ("relayed" in took) this.#book.took(took.relayed, this);
      else this.#sayOf(hold, took.word);
    } finally {
      this.#underway -= 1;
    }
  }

  /** It is no task here. */
  #sayOf(hold: Hold, said: Report["said"]): void {
    if (said.case === "returned") this.tire();
    this.#book.say(create(ReportSchema, { hold, said }));
  }

  #drain(): void {
    this.#told = undefined;
    this.#say({ case: "room", value: 0 });
    this.#said?.end();
  }

  #say(said: MessageInitShape<typeof WorkRequestSchema>["said"]): void {
    this.#said?.offer(create(WorkRequestSchema, { said }));
  }
}

function holdOf({ upperId, fence }: Relayed): MessageInitShape<typeof ReportSchema>["hold"] {
  return { taskId: upperId, fence: BigInt(fence) };
}
