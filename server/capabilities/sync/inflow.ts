import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Entry, Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Opened } from "@foedus/kernel/sync/hub.state.ts";
import { flawOf } from "@foedus/kernel/sync/ingress.ts";
import type { Limits } from "@foedus/kernel/sync/limits.ts";
import { streamKey } from "@foedus/kernel/sync/op.ts";
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
  /** What all of them cost together. */
  #bytes = 0;

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
    if (is === "batch") {
      if (!this.#speaker.writes) throw unexpected("a batch of a hub that may only look");
      for (const entry of value.entries) refuseMalformed(entry, this.#limits);
    }
    if (is === "push" || is === "batch") this.#mayCost(value.stream, costOf(frame));
    return frame;
  }

  /**
   * Counts a frame that was taken, if the session has room for it; if not, it waits until something
   * is acknowledged. With nothing under way there is always room.
   */
  admits(frame: Frame): boolean {
    const { case: is, value } = frame.frame;
    if ((is !== "push" && is !== "batch") || value.stream === undefined) return true;
    const underway = this.#underway.get(this.#keyOf(value.stream));
    if (underway === undefined) return true;
    const cost = costOf(frame);
    if (this.#bytes > 0 && this.#bytes + cost > flightMaxOf(this.#limits)) return false;
    underway.push(cost);
    this.#bytes += cost;
    return true;
  }

  /** Why a frame for which there is no room may not even wait for it. */
  overrun(frame: Frame): Fault {
    const { value } = frame.frame;
    const stream = value !== undefined && "stream" in value ? value.stream : undefined;
    const facts = { stream: stream === undefined ? "" : streamText(stream) };
    const bytes = this.#bytes + costOf(frame);
    const limit = flightMaxOf(this.#limits);
    return new Fault(Reason.SYNC_CREDIT_OVERRUN, { ...facts, bytes, limit });
  }

  /** Something was acknowledged: as much may come again. */
  answered({ frame: { case: is, value } }: Frame): void {
    if (is !== "pushAck" && is !== "batchAck") return;
    if (value.stream === undefined) return;
    this.#bytes -= this.#underway.get(this.#keyOf(value.stream))?.shift() ?? 0;
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
  #mayCost(stream: Stream, bytes: number): void {
    const underway = this.#underway.get(this.#keyOf(stream));
    if (underway === undefined) return;
    const limit = this.#limits.creditBytes + frameMaxOf(this.#limits);
    const waiting = underway.reduce((sum, cost) => sum + cost, bytes);
    if (waiting <= limit) return;
    const facts = { stream: streamText(stream), bytes: waiting, limit };
    throw new Fault(Reason.SYNC_CREDIT_OVERRUN, facts);
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

function costOf({ frame: { case: is, value } }: Frame): number {
  const ops = is === "push" ? value.ops : is === "batch" ? value.entries.map(({ op }) => op) : [];
  return ops.reduce((sum, op) => sum + op.length, frameBytes);
}

function frameMaxOf({ frameBytesMax, opBytesMax }: Limits): number {
  return frameBytesMax + opBytesMax;
}

/** What a session has under way in all streams together. */
export function flightMaxOf(limits: Limits): number {
  return limits.flightBytesMax + frameMaxOf(limits);
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
function refuseMalformed(entry: Entry, limits: Limits): void {
  const flaw = flawOf(entry, limits);
  if (flaw !== undefined) throw unexpected(`place ${entry.seq} ${flaw}`);
}

/** A frame that has no place in the session. */
export function unexpected(detail: string): Fault {
  return new Fault(Reason.SYNC_FRAME_UNEXPECTED, { detail });
}
