import { create } from "@bufbuild/protobuf";
import {
  PackedBatchSchema,
  UnseenSchema,
  type Batch,
  type Frame,
  type PackedBatch,
} from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { EntrySchema, Refusal, Slot, type Entry } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { dotOf } from "./dot.ts";
import { framed } from "./frame.ts";
import { counterMax } from "./limits.ts";
import { dotOfEntry, stampOf } from "./mark.ts";

/** A packed batch whose columns contradict each other: whoever sent it is not to be listened to. */
export class MalformedBatch extends Error {
  override readonly name = "MalformedBatch";
}

const refusalFactor = 16;

/** A frame as it travels: a batch with its names once and its numbers in columns. */
export function packed(frame: Frame): Frame {
  const { case: is, value } = frame.frame;
  return is === "batch" ? framed({ case: "packed", value: packedBatch(value) }) : frame;
}

/** A frame as it was before it was packed; throws MalformedBatch. */
export function unpacked(frame: Frame): Frame {
  const { case: is, value } = frame.frame;
  return is === "packed" ? framed({ case: "batch", value: unpackedBatch(value) }) : frame;
}

function packedBatch({ entries, stream, id, epoch, seqFrom, seqTo, vector }: Batch): PackedBatch {
  const head = { stream, id, epoch, seqFrom, seqTo, vector };
  const pack = create(PackedBatchSchema, head);
  const names = new Map<string, number>();
  const indexOf = (name: string) => {
    const known = names.get(name) ?? names.size;
    return names.set(name, known) && known;
  };
  const [stamps, dots] = [new Steps(), new Steps()];
  let at = seqFrom;
  for (const [index, entry] of entries.entries()) {
    const [stamp, dot] = [stampOf(entry), dotOfEntry(entry)];
    pack.seqs.push(entry.seq - at);
    at = entry.seq;
    pack.stampHubs.push(indexOf(stamp.hub));
    pack.stampCtrs.push(stamps.to(stamp.hub, stamp.ctr));
    pack.replicas.push(indexOf(dot.replica));
    pack.ctrs.push(dots.to(dot.replica, dot.ctr));
    pack.slots.push(entry.slot + refusalFactor * entry.refusal);
    pack.ops.push(entry.op);
    const { unseen } = entry;
    if (unseen.length > 0) pack.unseen.push(create(UnseenSchema, { index, dots: unseen }));
  }
  pack.names = [...names.keys()];
  pack.seqs = leftOut(pack.seqs, 1);
  pack.stampHubs = leftOut(pack.stampHubs, 0);
  pack.slots = leftOut(pack.slots, Slot.EFFECT);
  return pack;
}

/** Numbers that belong to names, each as its distance from the one before of the same name. */
class Steps {
  readonly #last = new Map<string, number>();

  to(name: string, ctr: number): number {
    const step = ctr - (this.#last.get(name) ?? 0);
    this.#last.set(name, ctr);
    // Signed 32 bits: a step over half of all numbers goes round.
    return step | 0;
  }

  by(name: string, step: number): number {
    const ctr = ((this.#last.get(name) ?? 0) + step) >>> 0;
    this.#last.set(name, ctr);
    return ctr;
  }
}

/** A column that says nothing, because all in it is as it mostly is. */
function leftOut(column: number[], mostly: number): number[] {
  return column.every((each) => each === mostly) ? [] : column;
}

function unpackedBatch(pack: PackedBatch): Batch {
  const { stream, id, epoch, seqFrom, seqTo, vector } = pack;
  const entries = entriesOf(pack);
  const last = entries.at(-1)?.seq ?? seqFrom;
  if (last > seqTo) throw new MalformedBatch(`place ${last} is after the last, ${seqTo}`);
  for (const { index, dots } of pack.unseen) {
    const entry = entries[index];
    if (entry === undefined) throw new MalformedBatch(`unseen ops of entry ${index}, of none`);
    if (dots.some(({ replica, ctr }) => replica === "" || ctr < 1)) {
      throw new MalformedBatch(`entry ${index} has unseen ops without a name`);
    }
    entry.unseen = dots;
  }
  return { $typeName: "foedus.sync.v1.Batch", stream, id, epoch, seqFrom, seqTo, vector, entries };
}

function entriesOf(pack: PackedBatch): Entry[] {
  const count = pack.ops.length;
  const [seqs, hubs] = [column(pack, "seqs", 1), column(pack, "stampHubs", 0)];
  const slots = column(pack, "slots", Slot.EFFECT);
  for (const name of ["stampCtrs", "replicas", "ctrs"] as const) {
    if (pack[name].length !== count) throw uneven(pack, name);
  }
  const [stamps, dots] = [new Steps(), new Steps()];
  let seq = pack.seqFrom;
  return pack.ops.map((op, at) => {
    seq += numbered(seqs(at), "a place less than one on");
    const hub = nameAt(pack, hubs(at));
    const replica = nameAt(pack, pack.replicas[at]);
    const ctr = numbered(stamps.by(hub, pack.stampCtrs[at] ?? 0), "a stamp below 1");
    const dotCtr = numbered(dots.by(replica, pack.ctrs[at] ?? 0), "an op below 1");
    const dot = dotOf(replica, dotCtr);
    return create(EntrySchema, { seq, stamp: { hub, ctr }, dot, ...slotOf(slots(at)), op });
  });
}

type Column = "seqs" | "stampHubs" | "stampCtrs" | "replicas" | "ctrs" | "slots";

function column(pack: PackedBatch, name: Column, mostly: number): (at: number) => number {
  const all = pack[name];
  if (all.length !== 0 && all.length !== pack.ops.length) throw uneven(pack, name);
  return (at) => all[at] ?? mostly;
}

function uneven(pack: PackedBatch, name: Column): MalformedBatch {
  return new MalformedBatch(`${pack.ops.length} ops, and ${pack[name].length} ${name}`);
}

function numbered(ctr: number, what: string): number {
  if (ctr < 1 || ctr > counterMax) throw new MalformedBatch(what);
  return ctr;
}

function nameAt({ names }: PackedBatch, index: number | undefined): string {
  const name = names[index ?? names.length];
  if (name === undefined || name === "") {
    throw new MalformedBatch(`name ${index} of ${names.length}`);
  }
  return name;
}

function slotOf(both: number): { slot: Slot; refusal: Refusal } {
  const slot: Slot = both % refusalFactor;
  const refusal: Refusal = Math.floor(both / refusalFactor);
  const isKnown = Slot[slot] !== undefined && slot !== Slot.UNSPECIFIED;
  const isRefused = refusal !== Refusal.UNSPECIFIED;
  if (!isKnown || isRefused !== (slot === Slot.REFUSED)) {
    throw new MalformedBatch(`slot ${slot} with refusal ${refusal}`);
  }
  return { slot, refusal };
}
