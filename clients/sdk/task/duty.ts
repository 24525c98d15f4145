import { create } from "@bufbuild/protobuf";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { ProgressSchema, type Progress, type Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  ReportSchema,
  Verdict,
  type Assignment,
  type Hold,
  type Receipt,
  type Report,
} from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import type { Timer, World } from "@foedus/kernel/world.ts";
import { TaskStopped, type StopCause } from "./failed.ts";
import { shortened, stopOf, type LastWord } from "./outcome.ts";
import type { Said } from "./work.ts";

/** A hold is let go of so much of its lease before it lapses, at most a second. */
const marginShare = 0.1;
const marginMsMax = 1_000;
/** Timers know no longer spans; whoever waits longer looks again. */
const lookMsMax = 86_400_000;
/** What is asked to stop and does not is reported without it. */
const heedMs = 10_000;
const messageLengthMax = 500;

/** A hold on a task: until when it lasts by our own clock, and what there is to say of it. */
export class Duty {
  readonly hold: Hold;
  readonly task: Task;
  readonly #world: World;
  readonly #changed: () => void;
  readonly #stopping = new AbortController();
  readonly #endMs: number;
  /** Until when it is ours, by our own clock, and how long a lease is. */
  #leaseMs: number;
  #spanMs: number;
  #timer: Timer | undefined;
  #heeding: Timer | undefined;
  #progress: Progress | undefined;
  #spent = 0n;
  #isDue = false;
  #word: LastWord | undefined;
  /** The stream over which it is spoken of now, and what was said there. */
  #session: object | undefined;
  #isWordSaid = false;
  /** When each sign of life was given that was not answered yet; answers come in order. */
  #asked: number[] = [];

  constructor(world: World, { task, hold, lease, timeLeft }: Whole, changed: () => void) {
    this.#world = world;
    this.#changed = changed;
    this.hold = hold;
    this.task = task;
    const nowMs = world.clock.monotonic();
    this.#spanMs = lease === undefined ? 0 : durationMs(lease);
    this.#leaseMs = nowMs + this.#spanMs;
    this.#endMs = timeLeft === undefined ? Infinity : nowMs + durationMs(timeLeft);
    this.#watch();
  }

  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Why it was asked to stop. */
  get stopped(): TaskStopped | undefined {
    const reason: unknown = this.signal.reason;
    return reason instanceof TaskStopped ? reason : undefined;
  }

  /** Its last word, which is said until the hub has receipted it. */
  get word(): LastWord | undefined {
    return this.#word;
  }

  /** How long each sign of life is good for. */
  get leaseSpanMs(): number {
    return this.#spanMs;
  }

  /** Until its nearest deadline. */
  timeLeftMs(): number {
    return Math.max(0, this.#endMs - this.#world.clock.monotonic());
  }

  progress({ fraction, message = "", spent }: Said): void {
    if (this.#word !== undefined || this.#isLost()) return;
    const within = fraction !== undefined && Number.isFinite(fraction);
    if (spent !== undefined) this.#spent = countable(spent);
    this.#progress = create(ProgressSchema, {
      message: shortened(message, messageLengthMax),
      spent: this.#spent,
      ...(within ? { fraction: Math.min(1, Math.max(0, fraction)) } : {}),
    });
    this.#changed();
  }

  /** Says how it ended; what comes after that, or after the hold was lost, counts for nothing. */
  finish(word: LastWord): void {
    if (this.#word !== undefined || this.#isLost()) return;
    this.#word = word;
    this.#rest();
    this.#changed();
  }

  /** Asks whoever does it to stop. */
  stop(because: StopCause, message: string): void {
    if (this.signal.aborted) return;
    const stopped = new TaskStopped(because, message);
    this.#stopping.abort(stopped);
    // Given back if somebody still hears it; whoever has it by then is not disturbed.
    if (because === "lost") this.#word ??= stopOf(stopped);
    const heed = () => this.finish(stopOf(stopped));
    if (because === "canceled") this.#heeding = this.#world.timers.after(heedMs, heed);
    this.#changed();
  }

  /** It is due to give a sign of life. */
  due(): void {
    this.#isDue = true;
  }

  /** What there is to say in a session; `withProgress` when it is time for that as well. */
  speak(session: object, withProgress: boolean): Report | undefined {
    const isNew = this.#session !== session;
    if (isNew) this.#begin(session);
    const { hold } = this;
    if (this.#word !== undefined) {
      if (this.#isWordSaid) return undefined;
      this.#isWordSaid = true;
      return create(ReportSchema, { hold, said: this.#word, spent: this.#spent });
    }
    const progress = withProgress ? this.#progress : undefined;
    if (!isNew && !this.#isDue && progress === undefined) return undefined;
    this.#isDue = false;
    this.#asked.push(this.#world.clock.monotonic());
    if (progress === undefined) return create(ReportSchema, { hold });
    this.#progress = undefined;
    return create(ReportSchema, { hold, said: { case: "progress", value: progress } });
  }

  /** It came over this session, and so need not be taken along. */
  cameOver(session: object): void {
    this.#begin(session);
  }

  /** Whether it has something to say that can wait a moment. */
  get hasProgress(): boolean {
    return this.#word === undefined && this.#progress !== undefined;
  }

  /** Whether the hub has yet to answer that it goes on. */
  get isAsking(): boolean {
    return this.#word === undefined && this.#asked.length > 0;
  }

  /** Whether its last word is on its way. */
  get isWordSaid(): boolean {
    return this.#isWordSaid;
  }

  /** What the hub answers; the receipt of its last word is the last. True when it is over. */
  receipted({ verdict, lease, cancelRequested, cancelReason }: Receipt): boolean {
    const askedMs = this.#asked.shift();
    if (askedMs === undefined) return this.#isWordSaid;
    if (verdict !== Verdict.TAKEN) return this.#word === undefined;
    if (lease !== undefined) {
      this.#spanMs = durationMs(lease);
      this.#leaseMs = Math.max(this.#leaseMs, askedMs + this.#spanMs);
    }
    if (cancelRequested) this.stop("canceled", cancelReason);
    return false;
  }

  /** The hub is done with it. */
  end(): void {
    this.#rest();
    if (this.#word === undefined) this.stop("lost", "somebody else has it, or it is over");
  }

  #begin(session: object): void {
    this.#session = session;
    this.#isWordSaid = false;
    this.#asked = [];
  }

  #isLost(): boolean {
    const because = this.stopped?.because;
    return because === "lost" || because === "time";
  }

  #rest(): void {
    this.#timer?.cancel();
    this.#heeding?.cancel();
  }

  /** Looks at its own clock whether the hold still lasts. */
  #watch(): void {
    const nowMs = this.#world.clock.monotonic();
    if (this.#word !== undefined) return;
    if (nowMs >= this.#endMs) return this.stop("time", "its time is over");
    const untilMs = this.#leaseMs - marginOf(this.#spanMs);
    if (nowMs >= untilMs) return this.stop("lost", "its lease was not renewed in time");
    const nextMs = Math.min(untilMs, this.#endMs) - nowMs;
    this.#timer = this.#world.timers.after(Math.min(lookMsMax, nextMs), () => this.#watch());
  }
}

/** An assignment that says what it must. */
export type Whole = Assignment & { readonly task: Task; readonly hold: Hold };

function marginOf(leaseMs: number): number {
  return Math.min(marginMsMax, leaseMs * marginShare);
}

/** The hub counts so far, and refuses more. */
const spentMax = BigInt(Number.MAX_SAFE_INTEGER);

function countable(spent: number | bigint): bigint {
  if (typeof spent === "bigint") return spent < 0n ? 0n : spent > spentMax ? spentMax : spent;
  if (!Number.isFinite(spent)) return 0n;
  return BigInt(Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.round(spent))));
}
