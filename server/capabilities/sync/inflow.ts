import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Slot, type Entry, type Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Opened } from "@foedus/kernel/sync/hub.state.ts";
import type { Limits } from "@foedus/kernel/sync/limits.ts";
import { opOf, streamKey } from "@foedus/kernel/sync/op.ts";
import { MalformedBatch, unpacked } from "@foedus/kernel/sync/pack.ts";
import { streamText } from "@foedus/kernel/sync/stream.ts";

/** How many streams a session opens; a hub that was let in as one carries any number. */
export const streamsMax = 1024;

/** Who is at the other end, and what it may say. */
export interface Speaker extends Pick<Opened, "peer" | "tenant" | "writes"> {
  /** The replica that it writes as; empty for a hub and for who only reads. */
  readonly replica: string;
}

/**
 * What came in one session and is not acknowledged yet. It refuses by name what a core in the
 * kernel would pass over, so that a program which does not follow the protocol hears of it.
 */
export class Inflow {
  readonly #speaker: Speaker;
  readonly #limits: Limits;
  /** Of each stream that was opened what its pushes or batches cost, in their order. */
  readonly #underway = new Map<string, number[]>();

  constructor(speaker: Speaker, limits: Limits) {
    this.#speaker = speaker;
    this.#limits = limits;
  }

  /**
   * A frame as the core takes it.
   *
   * @throws Fault SYNC_FRAME_UNEXPECTED, SYNC_STREAMS_MAX, SYNC_CREDIT_OVERRUN
   */
  taken(raw: Frame): Frame {
    const frame = unpackedFrame(raw);
    const { case: is, value } = frame.frame;
    if (is === undefined || is === "bye") return frame;
    if (!allowed[this.#speaker.peer].has(is)) throw unexpected(`a ${is} of this side`);
    if (value.stream === undefined) throw unexpected(`a ${is} that names no stream`);
    if (is === "hello") this.#opens(value.stream, value.replica);
    if (is === "push") this.#spends(value.stream, bytesOf(value.ops));
    if (is === "batch") {
      if (!this.#speaker.writes) throw unexpected("a batch of a hub that may only look");
      for (const entry of value.entries) refuseMalformed(entry);
      this.#spends(value.stream, bytesOf(value.entries.map(({ op }) => op)));
    }
    return frame;
  }

  /** Something was acknowledged: as much may come again. */
  answered({ frame: { case: is, value } }: Frame): void {
    if (is !== "pushAck" && is !== "batchAck") return;
    if (value.stream !== undefined) this.#underway.get(this.#keyOf(value.stream))?.shift();
  }

  #opens(stream: Stream, replica: string): void {
    if (replica !== this.#speaker.replica) {
      throw unexpected("a hello for another replica than the session was opened with");
    }
    const key = this.#keyOf(stream);
    if (this.#underway.has(key)) return;
    if (this.#speaker.peer === "REPLICA" && this.#underway.size >= streamsMax) {
      throw new Fault(Reason.SYNC_STREAMS_MAX, { limit: streamsMax });
    }
    this.#underway.set(key, []);
  }

  /** One frame more than the credit is borne: sender and hub count a little differently. */
  #spends(stream: Stream, bytes: number): void {
    const underway = this.#underway.get(this.#keyOf(stream));
    if (underway === undefined) return;
    const { creditBytes, frameBytesMax, opBytesMax } = this.#limits;
    const limit = creditBytes + frameBytesMax + opBytesMax;
    const waiting = underway.reduce((sum, cost) => sum + cost, bytes);
    if (waiting > limit) {
      const facts = { stream: streamText(stream), bytes: waiting, limit };
      throw new Fault(Reason.SYNC_CREDIT_OVERRUN, facts);
    }
    underway.push(bytes);
  }

  #keyOf(stream: Stream): string {
    return streamKey(this.#speaker.tenant, stream);
  }
}

type Case = NonNullable<Frame["frame"]["case"]>;

/** What each kind of peer has to say. */
const allowed: Record<Opened["peer"], ReadonlySet<Case>> = {
  REPLICA: new Set<Case>(["hello", "push", "batchAck"]),
  CHILD: new Set<Case>(["hello", "batch", "batchAck"]),
  PARENT: new Set<Case>(["resumed", "batch", "snapshotPart", "batchAck", "settled", "checkpoint"]),
};

/** A push costs at least this, so that empty ones cannot be piled up. */
const frameBytes = 64;

function bytesOf(ops: readonly Uint8Array[]): number {
  return ops.reduce((sum, op) => sum + op.length, frameBytes);
}

function unpackedFrame(frame: Frame): Frame {
  try {
    return unpacked(frame);
  } catch (error) {
    if (error instanceof MalformedBatch) throw unexpected(error.message);
    throw error;
  }
}

/** A hub brings ops that were taken elsewhere: one that is none would stop a whole commit. */
function refuseMalformed({ seq, stamp, dot, slot, op }: Entry): void {
  if (stamp === undefined || dot === undefined) throw unexpected(`place ${seq} without a name`);
  if (slot !== Slot.EFFECT) return;
  try {
    opOf(op);
  } catch {
    throw unexpected(`place ${seq} holds no op`);
  }
}

/** A frame that has no place in the session. */
export function unexpected(detail: string): Fault {
  return new Fault(Reason.SYNC_FRAME_UNEXPECTED, { detail });
}
