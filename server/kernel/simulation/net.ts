import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { FrameSchema, type Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { packed, unpacked } from "../sync/pack.ts";
import type { Agenda } from "./agenda.ts";
import type { Chance } from "./chance.ts";
import type { Watch } from "./watch.ts";

/** Somebody who can be connected to. */
export interface Actor {
  readonly name: string;
  readonly zones: readonly string[];
  isUp: boolean;
  onFrame(wire: Wire, frame: Frame): void;
  onClosed(wire: Wire): void;
}

/** One connection: frames arrive in order, late, or not at all once it is cut. */
export class Wire {
  readonly id: string;
  readonly dialer: Actor;
  readonly listener: Actor;
  readonly tenant: string;
  isOpen = true;
  /** Frames in either direction arrive after all that were sent before. */
  readonly lastMs = new Map<Actor, number>();

  /** The dialer's frames are requests of their own. */
  readonly isHalf: boolean;

  constructor(id: string, dialer: Actor, listener: Actor, tenant: string, isHalf: boolean) {
    this.isHalf = isHalf;
    this.id = id;
    this.dialer = dialer;
    this.listener = listener;
    this.tenant = tenant;
  }

  other(actor: Actor): Actor {
    return actor === this.dialer ? this.listener : this.dialer;
  }
}

const delayMsMax = 25;
const lossShare = 0.003;
const noticedMsMax = 80;
const repeatShare = 0.03;

/** The network between all actors, and all that goes wrong in it. */
export class Net {
  frames = 0;
  /** What they come to, encoded. */
  bytes = 0;
  /** Once it is calm nothing is lost any more. */
  isCalm = false;
  readonly wires = new Map<string, Wire>();
  readonly cutOff = new Set<Actor>();
  /** Those on one side of a split; they reach nobody on the other. */
  readonly splits = new Set<ReadonlySet<Actor>>();
  /** They take no connections, and may have some of their own. */
  readonly shut = new Set<Actor>();
  /** Whose frames take so much longer, in milliseconds. */
  readonly slow = new Map<Actor, number>();
  readonly #agenda: Agenda;
  readonly #chance: Chance;
  readonly #watch: Watch;
  #count = 0;

  /** Frames travel as bytes, by the real protocol code; that doubles what a world costs. */
  readonly #isEncoded: boolean;

  constructor(agenda: Agenda, chance: Chance, watch: Watch, isEncoded: boolean) {
    this.#isEncoded = isEncoded;
    this.#agenda = agenda;
    this.#chance = chance;
    this.#watch = watch;
  }

  /** Connects, unless somebody is away. */
  dial(dialer: Actor, listener: Actor, tenant: string, isHalf = false): Wire | undefined {
    if (this.shut.has(listener)) return undefined;
    if (!dialer.isUp || !listener.isUp || this.#isBroken(dialer, listener)) return undefined;
    const wire = new Wire(`w${++this.#count}`, dialer, listener, tenant, isHalf);
    this.wires.set(wire.id, wire);
    return wire;
  }

  send(wire: Wire, from: Actor, frame: Frame): void {
    if (!wire.isOpen) return;
    this.frames++;
    const to = wire.other(from);
    this.#watch.sent(wire, from, to, frame);
    const chance = this.#chance;
    if (!this.isCalm && chance.happens(lossShare)) {
      this.#watch.happened("a frame is lost");
      // A frame is lost: the transport notices, and the connection is over.
      this.#agenda.after(chance.below(noticedMsMax), () => this.close(wire));
      wire.lastMs.set(from, Number.POSITIVE_INFINITY);
    }
    const slowMs = (this.slow.get(from) ?? 0) + (this.slow.get(to) ?? 0);
    const soonest = this.#agenda.nowMs + 1 + chance.below(delayMsMax + slowMs);
    const last = wire.lastMs.get(from) ?? 0;
    if (!Number.isFinite(last)) return;
    // Where each frame is a request of its own, an acknowledgement may overtake what was before.
    const overtakes = from === wire.dialer && wire.isHalf && frame.frame.case === "batchAck";
    if (overtakes && soonest < last) this.#watch.happened("a frame overtakes another");
    const ms = overtakes ? soonest : Math.max(soonest, last);
    wire.lastMs.set(from, Math.max(ms, last));
    const arrives = this.#carried(frame);
    this.#agenda.after(ms - this.#agenda.nowMs, () => this.#deliver(wire, to, arrives()));
    // A half-duplex client repeats what it is not sure of; the answer may have been under way.
    const repeats = frame.frame.case === "push" || frame.frame.case === "batchAck";
    if (repeats && chance.happens(repeatShare)) {
      this.#watch.happened("a frame comes twice");
      const later = ms - this.#agenda.nowMs + chance.below(noticedMsMax);
      this.#agenda.after(later, () => this.#deliver(wire, to, arrives()));
    }
  }

  close(wire: Wire): void {
    if (!wire.isOpen) return;
    wire.isOpen = false;
    this.wires.delete(wire.id);
    for (const actor of [wire.dialer, wire.listener]) if (actor.isUp) actor.onClosed(wire);
  }

  /** Ends what a cut or a split has come between. */
  closeBroken(): void {
    for (const wire of this.wires.values()) {
      if (this.#isBroken(wire.dialer, wire.listener)) this.close(wire);
    }
  }

  /** Ends what others have opened to them, and lets nobody in. */
  closeDoors(actors: readonly Actor[]): void {
    for (const each of actors) this.shut.add(each);
    for (const wire of this.wires.values()) if (this.shut.has(wire.listener)) this.close(wire);
  }

  #isBroken(one: Actor, other: Actor): boolean {
    if (this.cutOff.has(one) || this.cutOff.has(other)) return true;
    return [...this.splits].some((side) => side.has(one) !== side.has(other));
  }

  /** Nothing goes wrong from now on. */
  calmDown(): void {
    this.isCalm = true;
    this.cutOff.clear();
    this.splits.clear();
    this.shut.clear();
    this.slow.clear();
  }

  /** Ends all that an actor has open. */
  closeAll(actor: Actor): void {
    for (const wire of this.wires.values()) {
      if (wire.dialer === actor || wire.listener === actor) this.close(wire);
    }
  }

  #carried(frame: Frame): () => Frame {
    if (!this.#isEncoded) return () => frame;
    const bytes = toBinary(FrameSchema, packed(frame));
    this.bytes += bytes.length;
    return () => unpacked(fromBinary(FrameSchema, bytes));
  }

  #deliver(wire: Wire, to: Actor, frame: Frame): void {
    if (wire.isOpen && to.isUp) to.onFrame(wire, frame);
  }
}
