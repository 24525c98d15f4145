import { create } from "@bufbuild/protobuf";
import { FrameSchema, type Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { HubEffect, HubEvent, HubState } from "@foedus/kernel/sync/hub.state.ts";
import { gathered } from "@foedus/kernel/sync/hub.intake.ts";
import { stepHub } from "@foedus/kernel/sync/hub.ts";
import type { Limits } from "@foedus/kernel/sync/limits.ts";
import type { LogAnswer, LogRequest } from "@foedus/kernel/sync/log.ts";
import type { Log } from "../../runtime/log.ts";
import { Bell } from "./bell.ts";
import { HeadTimes } from "./followers.ts";
import type { Latest } from "./log.store.ts";
import { Seat, type Checks, type Guest, type SeatKit } from "./seat.ts";
import { TurnedAway } from "./turned-away.ts";
import { LogWentBack } from "./went-back.ts";

/** What the driver drives, and with what. */
export interface DriverKit {
  readonly log: Log;
  readonly limits: Limits;
  readonly checks: Checks;
  /** Asks the log under the core, which takes the latest of a commit once it begins it. */
  answer(request: LogRequest, latest: Latest): Promise<LogAnswer>;
  /** What the log answers without a look at its disk; undefined where it must look. */
  held?(request: LogRequest): LogAnswer | undefined;
  nowMs(): number;
  /** A core that has just started, under the incarnation that stamps now. */
  boot(): HubState;
  /** The log stamps as somebody else from now on, for its stamps were given out twice. */
  reincarnate(): Promise<void>;
}

/** A frame that says nothing but that its side is there. */
export const lifeSign: Frame = create(FrameSchema);

/** The core of sync in this process: events one after another, effects in their order. */
export class Driver {
  /** When the heads of streams were where. */
  readonly times = new HeadTimes();
  /** Who was refused what. */
  readonly turnedAway = new TurnedAway();
  /** How often each thing happened that an operator must hear of. */
  readonly incidents = new Map<string, number>();
  readonly #kit: DriverKit;
  /** One for all seats: closures for each would be much of what an idle session costs. */
  readonly #seatKit: SeatKit;
  readonly #seats = new Map<string, Seat>();
  /** How many sessions each node has, its agents with it, and each person. */
  readonly #counts = new Map<string, number>();
  readonly #events: HubEvent[] = [];
  readonly #bell = new Bell();
  #state: HubState;
  /** What was asked of a core that is gone is not answered to the next. */
  #life = 0;
  #isRunning = false;
  #isReborn = false;

  constructor(kit: DriverKit) {
    this.#kit = kit;
    const { limits, checks } = kit;
    this.#seatKit = {
      limits,
      checks,
      tell: (session, frame) => this.#tell({ type: "frame", session, frame }),
      leave: (session, error) => this.#drop(session, error),
      feeds: (session) => this.#state.sessions.get(session)?.feeds,
      headOf: (key) => this.#state.streams.get(key)?.head ?? 0,
    };
    this.#state = kit.boot();
  }

  get state(): HubState {
    return this.#state;
  }

  seats(): Iterable<Seat> {
    return this.#seats.values();
  }

  seatOf(session: string): Seat | undefined {
    return this.#seats.get(session);
  }

  /** Sessions of the node that somebody came over, or of the person. */
  countOf(guest: Whose): number {
    return this.#counts.get(potOf(guest)) ?? 0;
  }

  /** Resolves when anything was committed, acknowledged, opened or closed. */
  readonly changed = (signal: AbortSignal): Promise<void> => this.#bell.next(signal);

  /** Takes somebody in. */
  open(guest: Guest): Seat {
    const { session, tenant, zones, peer, name, writes } = guest;
    const seat = new Seat(guest, this.#seatKit);
    this.#seats.set(session, seat);
    this.#counts.set(potOf(guest), this.countOf(guest) + 1);
    this.#tell({ type: "opened", session, tenant, zones, peer, name, writes });
    return seat;
  }

  /** Another process has committed. */
  grown(event: Extract<HubEvent, { type: "grown" }>): void {
    this.#tell(event);
  }

  /** Ends the sessions that fit, which come again by themselves. */
  leave(which: (guest: Guest) => boolean, reason: string): void {
    for (const { guest } of [...this.#seats.values()].filter((seat) => which(seat.guest))) {
      this.#release(guest.session, reason);
      this.#tell({ type: "closed", session: guest.session });
    }
  }

  /** A sign of life to everybody who heard nothing for a while. */
  beat(): void {
    for (const seat of this.#seats.values()) seat.wire.beat(lifeSign);
  }

  /** The log stamps as somebody it is not any more: everybody begins again under a new name. */
  async renew(): Promise<void> {
    if (!this.#isReborn) await this.#beginAgain();
  }

  stop(): void {
    this.#life++;
    for (const session of this.#seats.keys()) this.#release(session, "the hub stops");
  }

  #tell(event: HubEvent): void {
    this.#events.push(event);
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
      this.#step(next);
    }
    this.#isRunning = false;
    this.#bell.ring();
  }

  /** A mistake in the core costs the session it was made for, and nobody else. */
  #step(event: HubEvent): void {
    try {
      for (const effect of stepHub(this.#state, event)) this.#carryOut(effect);
      this.#noteHead(event);
    } catch (error) {
      this.#kit.log.error("the core of sync failed", { event: event.type, error });
      if ("session" in event) this.#drop(event.session, error);
    }
  }

  #carryOut(effect: HubEffect): void {
    if (effect.type === "send") this.#say(effect.session, effect.frame);
    else if (effect.type === "ask") this.#inquire(effect.request);
    else if (effect.type === "close") this.#release(effect.session, effect.reason);
    else this.#incident(effect.reason, effect.key);
  }

  #say(session: string, frame: Frame): void {
    this.turnedAway.note(session, frame);
    this.#seats.get(session)?.say(frame);
  }

  /** A hundred who follow ask for the same page: it is told at once, in its turn. */
  #inquire(request: LogRequest): void {
    const answer = this.#kit.held?.(request);
    if (answer === undefined) void this.#ask(request);
    else this.#events.push({ type: "answered", answer });
  }

  async #ask(first: LogRequest): Promise<void> {
    const life = this.#life;
    let request = first;
    const latest: Latest = (asked) => {
      const more = life === this.#life ? gathered(this.#state, asked) : asked;
      request = more;
      return more;
    };
    try {
      const answer = await this.#kit.answer(request, latest);
      if (life === this.#life) this.#tell({ type: "answered", answer });
    } catch (error) {
      if (life !== this.#life) return;
      this.#kit.log.error("the log of sync does not answer", { asked: request.type, error });
      if (error instanceof LogWentBack) await this.renew();
      if (life === this.#life) this.#tell({ type: "failed", request });
    }
  }

  #release(session: string, reason: string): void {
    this.#removed(session)?.wire.bye(reason);
  }

  #removed(session: string): Seat | undefined {
    const seat = this.#seats.get(session);
    if (seat === undefined) return undefined;
    this.#seats.delete(session);
    this.turnedAway.forget(session);
    const left = this.countOf(seat.guest) - 1;
    if (left > 0) this.#counts.set(potOf(seat.guest), left);
    else this.#counts.delete(potOf(seat.guest));
    return seat;
  }

  #drop(session: string, error?: unknown): void {
    const seat = this.#removed(session);
    if (seat === undefined) return;
    seat.wire.end(error);
    this.#tell({ type: "closed", session });
  }

  #incident(reason: string, key: string): void {
    this.incidents.set(reason, (this.incidents.get(reason) ?? 0) + 1);
    this.#kit.log.error("sync needs an operator", { reason, stream: key });
    if (reason === "INCARNATION_REUSED" && !this.#isReborn) void this.#beginAgain();
  }

  /** Everybody says hello again, to a core that stamps as another. */
  async #beginAgain(): Promise<void> {
    this.#isReborn = true;
    try {
      await this.#kit.reincarnate();
      this.#life++;
      this.#events.length = 0;
      for (const session of this.#seats.keys()) {
        this.#release(session, "the hub stamps as another now");
      }
      this.#state = this.#kit.boot();
    } catch (error) {
      this.#kit.log.error("the log of sync could not take another incarnation", { error });
    } finally {
      this.#isReborn = false;
    }
  }

  #noteHead(event: HubEvent): void {
    const key = keyIn(event);
    const head = key === undefined ? undefined : this.#state.streams.get(key)?.head;
    if (key !== undefined && head !== undefined) this.times.note(key, head, this.#kit.nowMs());
  }
}

type Whose = Pick<Guest, "tenant" | "owner" | "grantee">;

/** A node names its agents as it likes: they are counted with it. */
function potOf({ tenant, owner, grantee = owner }: Whose): string {
  return `${tenant}/${grantee}`;
}

/** The stream whose head an event may have moved. */
function keyIn(event: HubEvent): string | undefined {
  if (event.type === "grown") return event.key;
  return event.type === "answered" && event.answer.type === "commit" ? event.answer.key : undefined;
}
