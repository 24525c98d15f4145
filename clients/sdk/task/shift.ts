import { create } from "@bufbuild/protobuf";
import { durationMs, type Duration } from "@bufbuild/protobuf/wkt";
import type { Client } from "@connectrpc/connect";
import type { Assignment, Worker } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import {
  WorkRequestSchema,
  type WorkRequest,
  type WorkResponse,
  type WorkService,
} from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import type { Timer, World } from "@foedus/kernel/world.ts";
import type { FoedusError } from "../error.ts";
import { errorOf } from "../error.wire.ts";
import { linked, type Linked } from "../signals.ts";
import type { Duty, Whole } from "./duty.ts";
import type { Roster } from "./roster.ts";

/** What a shift works with. */
export interface ShiftKit {
  readonly world: World;
  readonly client: Client<typeof WorkService>;
  readonly worker: Worker;
  readonly roster: Roster;
  /** Whether it takes no new tasks. */
  readonly isDraining: () => boolean;
  /** Told once the hub has answered. */
  readonly opened: () => void;
}

/** How a shift ended: as it was wished, because the hub stops, or by a failure. */
export type Ending =
  | { readonly kind: "left" }
  | { readonly kind: "away"; readonly ms: number }
  | { readonly kind: "broken"; readonly error: FoedusError };

/** The hub answers so soon, or the connection is worth nothing. */
const answerMs = 30_000;
/** What a shift waits for. */
type Wait = "beat" | "answer" | "progress" | "leave";

/** How long it waits for what is on its way to it, when it goes over to another stream. */
const leaveMs = 5_000;
/** How often progress is told. */
const progressMs = 200;
/** Signs in a lease, so that two may be lost. */
const signsInLease = 3;
const beatMsMin = 100;
/** Who holds nothing gives one sign in so many: that it is there, and that the way is open. */
const idleBeats = 6;

/** One stream to the hub: tasks come, and words about them go. */
export class Shift {
  readonly #kit: ShiftKit;
  readonly #stream: Linked;
  readonly #along: readonly Duty[];
  #isLeaving = false;
  #toldRoom: number | undefined;
  /** How many at once it said it does. */
  #toldMost: number;
  #isBeatDue = false;
  #beats = 0;
  /** How often the hub wants a sign, and how soon the next one is to come. */
  #beatMs = Infinity;
  #plannedMs = Infinity;
  #progressAtMs = -Infinity;
  readonly #timers = new Map<Wait, Timer>();

  constructor(kit: ShiftKit, signal: AbortSignal) {
    this.#kit = kit;
    this.#toldMost = kit.worker.concurrency;
    this.#along = kit.roster.held;
    this.#stream = linked(signal);
  }

  /** Resolves when it is over, however it ends. */
  async run(): Promise<Ending> {
    const { client, roster } = this.#kit;
    const { signal } = this.#stream;
    this.#expectAnswer();
    try {
      for await (const said of client.work(this.#words(), { signal })) {
        const awayMs = this.#hear(said);
        if (awayMs !== undefined) return { kind: "away", ms: awayMs };
      }
      if (this.#isLeaving) return { kind: "left" };
      return { kind: "broken", error: errorOf(new Error("the hub ended the stream")) };
    } catch (thrown) {
      return { kind: "broken", error: errorOf(signal.aborted ? signal.reason : thrown) };
    } finally {
      for (const timer of this.#timers.values()) timer.cancel();
      // Leaving a for-await does not end a call: only its signal does.
      this.#stream.abort(new Error("the stream is over"));
      this.#stream[Symbol.dispose]();
      roster.ring();
    }
  }

  /** Says what is to be said, hears what is on its way, and ends. */
  readonly leave = (): void => {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.#after("leave", leaveMs, () => this.#stream.abort(new Error("the hub did not let go")));
    this.#kit.roster.ring();
  };

  async *#words(): AsyncGenerator<WorkRequest> {
    const { roster, worker } = this.#kit;
    yield create(WorkRequestSchema, { said: { case: "worker", value: worker } });
    while (!this.#stream.signal.aborted) {
      const { changed } = roster;
      const said = this.#next();
      if (said !== undefined) yield create(WorkRequestSchema, { said });
      else if (this.#isLeaving) return;
      else await changed;
    }
  }

  /** What is to be said next; undefined for nothing. */
  #next(): WorkRequest["said"] | undefined {
    const { roster } = this.#kit;
    const reports = roster.speak(this, this.#mayTellProgress());
    if (reports !== undefined) {
      this.#expectAnswer();
      return { case: "reports", value: reports };
    }
    const room = this.#newRoom();
    if (room !== undefined) return room;
    if (!this.#isBeatDue) return undefined;
    this.#isBeatDue = false;
    return { case: "beat", value: true };
  }

  /**
   * Room for all it does at once: the hub takes off what it holds, and what ends makes room by
   * itself. Said again when somebody who does not stop takes a place, or leaves it. What was taken
   * along must be known to the hub before.
   */
  #newRoom(): WorkRequest["said"] | undefined {
    const { roster, worker, isDraining } = this.#kit;
    const isOver = isDraining() || this.#isLeaving;
    if (!isOver && this.#along.some(({ isAsking }) => isAsking)) return undefined;
    const most = isOver ? 0 : Math.max(0, worker.concurrency - roster.strays);
    if (most === this.#toldRoom) return undefined;
    if (most > 0 && most !== this.#toldMost) {
      // Or whatever ends would make room for one too many.
      this.#toldMost = most;
      return { case: "worker", value: { ...worker, concurrency: most } };
    }
    this.#toldRoom = most;
    return { case: "room", value: most };
  }

  #mayTellProgress(): boolean {
    const { roster, world } = this.#kit;
    if (!roster.held.some(({ hasProgress }) => hasProgress)) return false;
    const nowMs = world.clock.monotonic();
    const waitMs = this.#progressAtMs + progressMs - nowMs;
    if (waitMs > 0) {
      this.#after("progress", waitMs, roster.ring);
      return false;
    }
    this.#progressAtMs = nowMs;
    return true;
  }

  /** Takes what the hub says; how long to stay away, if that is what it says. */
  #hear({ said }: WorkResponse): number | undefined {
    const { roster, opened, isDraining } = this.#kit;
    this.#timers.get("answer")?.cancel();
    this.#timers.delete("answer");
    if (said.case === "reconnect") return durationMs(said.value);
    if (said.case === "beatEvery") {
      if (this.#beatMs === Infinity) opened();
      this.#beatMs = durationMs(said.value);
      this.#plan();
    }
    if (said.case === "receipt") {
      roster.receipted(said.value);
      this.#plan(spanOf(said.value.lease));
    }
    if (said.case === "stop") roster.stop(said.value.hold, said.value.reason);
    if (said.case === "assignment" && isWhole(said.value)) {
      const isTaken = roster.take(said.value, this, !isDraining());
      // The hub sees more room than there is: it is told again.
      if (!isTaken) this.#toldRoom = undefined;
      this.#plan(spanOf(said.value.lease));
    }
    return undefined;
  }

  /** As often as the hub asks, or sooner where a lease is short; never later than planned. */
  #plan(leaseMs = Infinity): void {
    const { roster, world } = this.#kit;
    const ms = Math.max(beatMsMin, Math.min(this.#beatMs, leaseMs / signsInLease));
    if (ms >= this.#plannedMs) return;
    this.#plannedMs = ms;
    // A little sooner, so that not all who were told at once come at once.
    this.#after("beat", ms * (0.9 + world.random.fraction() / 10), () => {
      const { held } = roster;
      for (const duty of held) duty.due();
      this.#beats += 1;
      this.#isBeatDue = held.length === 0 && this.#beats % idleBeats === 0;
      roster.ring();
      this.#plannedMs = Infinity;
      this.#plan(Math.min(...held.map(({ leaseSpanMs }) => leaseSpanMs)));
    });
  }

  /** Of the oldest that was not answered. */
  #expectAnswer(): void {
    if (this.#timers.has("answer")) return;
    const silent = () => this.#stream.abort(new Error(`the hub was silent for ${answerMs} ms`));
    this.#after("answer", answerMs, silent);
  }

  #after(name: Wait, ms: number, act: () => void): void {
    this.#timers.get(name)?.cancel();
    this.#timers.set(name, this.#kit.world.timers.after(ms, act));
  }
}

function spanOf(lease: Duration | undefined): number {
  return lease === undefined ? Infinity : durationMs(lease);
}

function isWhole(said: Assignment): said is Whole {
  return said.task !== undefined && said.hold !== undefined;
}
