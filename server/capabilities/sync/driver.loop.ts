import { create } from "@bufbuild/protobuf";
import { FrameSchema, type Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { HubEffect, HubEvent, HubState } from "@foedus/kernel/sync/hub.state.ts";
import { stepHub } from "@foedus/kernel/sync/hub.ts";
import type { Limits } from "@foedus/kernel/sync/limits.ts";
import type { LogAnswer, LogRequest } from "@foedus/kernel/sync/log.ts";
import type { Log } from "../../runtime/log.ts";
import { HeadTimes } from "./followers.ts";
import { openSeat, type Checks, type Guest, type Seat } from "./seat.ts";

/** What the driver drives, and with what. */
export interface DriverKit {
  readonly log: Log;
  readonly limits: Limits;
  readonly checks: Checks;
  /** Asks the log under the core. */
  answer(request: LogRequest): Promise<LogAnswer>;
  nowMs(): number;
  /** A core that has just started, under the incarnation that stamps now. */
  boot(): HubState;
  /** The log stamps as somebody else from now on, for its stamps were given out twice. */
  reincarnate(): Promise<void>;
}

/** The core of sync in this process, and the sessions it has. */
export interface Driver {
  /** Takes somebody in. */
  open(guest: Guest): Seat;
  /** Something happened elsewhere: another process has committed. */
  tell(event: Extract<HubEvent, { type: "grown" }>): void;
  /** Ends the sessions that fit, which come again by themselves. */
  leave(which: (guest: Guest) => boolean, reason: string): void;
  seats(): Iterable<Seat>;
  state(): HubState;
  /** Resolves when anything was committed, acknowledged, opened or closed. */
  changed(signal: AbortSignal): Promise<void>;
  /** When the heads of streams were where. */
  readonly times: HeadTimes;
  /** How often each thing happened that an operator must hear of. */
  readonly incidents: ReadonlyMap<string, number>;
  /** A sign of life to everybody who heard nothing since the last one. */
  beat(): void;
  stop(): void;
}

/** A frame that says nothing but that its side is there. */
export const lifeSign: Frame = create(FrameSchema);

/** Runs the core; events one after another, effects in their order. */
export function openDriver(kit: DriverKit): Driver {
  const seats = new Map<string, Seat>();
  const events: HubEvent[] = [];
  const waiting = new Set<() => void>();
  const incidents = new Map<string, number>();
  const times = new HeadTimes();
  let state = kit.boot();
  /** What was asked of a core that is gone is not answered to the next. */
  let life = 0;
  let running = false;

  const tell = (event: HubEvent): void => {
    events.push(event);
    if (running) return;
    running = true;
    try {
      for (let next = events.shift(); next !== undefined; next = events.shift()) step(next);
    } finally {
      running = false;
    }
    for (const wake of waiting) wake();
  };
  const noteHead = (event: HubEvent): void => {
    const key = keyIn(event);
    const head = key === undefined ? undefined : state.streams.get(key)?.head;
    if (key !== undefined && head !== undefined) times.note(key, head, kit.nowMs());
  };
  const step = (event: HubEvent): void => {
    try {
      for (const effect of stepHub(state, event)) carryOut(effect);
      noteHead(event);
    } catch (error) {
      kit.log.error("the core of sync failed", { event: event.type, error });
      if ("session" in event) drop(event.session, error);
    }
  };
  const carryOut = (effect: HubEffect): void => {
    if (effect.type === "send") seats.get(effect.session)?.say(effect.frame);
    else if (effect.type === "ask") void ask(effect.request);
    else if (effect.type === "close") release(effect.session, effect.reason);
    else incident(effect.reason, effect.key);
  };
  const ask = async (request: LogRequest): Promise<void> => {
    const asked = life;
    try {
      const answer = await kit.answer(request);
      if (asked === life) tell({ type: "answered", answer });
    } catch (error) {
      kit.log.error("the log of sync does not answer", { asked: request.type, error });
      if (asked === life) tell({ type: "failed", request });
    }
  };
  const release = (id: string, reason: string): void => {
    const seat = seats.get(id);
    seats.delete(id);
    seat?.wire.bye(reason);
  };
  const drop = (id: string, error?: unknown): void => {
    const seat = seats.get(id);
    if (seat === undefined) return;
    seats.delete(id);
    seat.wire.end(error);
    tell({ type: "closed", session: id });
  };
  const incident = (reason: string, key: string): void => {
    incidents.set(reason, (incidents.get(reason) ?? 0) + 1);
    kit.log.error("sync needs an operator", { reason, stream: key });
    if (reason === "INCARNATION_REUSED") void reborn();
  };
  /** Everybody says hello again, to a core that stamps as another. */
  const reborn = async (): Promise<void> => {
    life++;
    await kit.reincarnate().catch((error: unknown) => {
      kit.log.error("the log of sync could not take another incarnation", { error });
    });
    life++;
    events.length = 0;
    for (const id of seats.keys()) release(id, "the hub stamps as another now");
    state = kit.boot();
  };

  return {
    open(guest) {
      const seat = openSeat(guest, {
        limits: kit.limits,
        checks: kit.checks,
        tell: (frame) => tell({ type: "frame", session: guest.session, frame }),
        leave: (error) => drop(guest.session, error),
        feeds: () => state.sessions.get(guest.session)?.feeds,
        headOf: (key) => state.streams.get(key)?.head ?? 0,
      });
      seats.set(guest.session, seat);
      const { session, tenant, zones, peer, name, writes } = guest;
      tell({ type: "opened", session, tenant, zones, peer, name, writes });
      return seat;
    },
    tell,
    leave(which, reason) {
      for (const { guest } of [...seats.values()].filter((seat) => which(seat.guest))) {
        release(guest.session, reason);
        tell({ type: "closed", session: guest.session });
      }
    },
    seats: () => seats.values(),
    state: () => state,
    changed: (signal) =>
      new Promise((resolve) => {
        const wake = () => {
          waiting.delete(wake);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        if (signal.aborted) return resolve();
        waiting.add(wake);
        signal.addEventListener("abort", wake, { once: true });
      }),
    times,
    incidents,
    beat() {
      for (const seat of seats.values()) seat.wire.beat(lifeSign);
    },
    stop() {
      life++;
      for (const id of seats.keys()) release(id, "the hub stops");
    },
  };
}

/** The stream whose head an event may have moved. */
function keyIn(event: HubEvent): string | undefined {
  if (event.type === "grown") return event.key;
  return event.type === "answered" && event.answer.type === "commit" ? event.answer.key : undefined;
}
