import { create } from "@bufbuild/protobuf";
import { MarkSchema, RefusedSchema, Slot } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Dot, Entry, Mark } from "@foedus/gen/foedus/sync/v1/sync_pb.js";

/** Of a replica that nobody has heard of. */
export function emptyMark(replica: string): Mark {
  return create(MarkSchema, { replica });
}

/** Whether an op is known, be it taken or refused. */
export function isKnown(mark: Mark, ctr: number): boolean {
  return ctr <= mark.ctr;
}

/** Whether an op is known and was refused by every hub that saw it so far. */
export function isRefused(mark: Mark, ctr: number): boolean {
  return mark.refused.some((each) => each.ctr === ctr);
}

/**
 * A mark after a place of the log. One hub may refuse what another takes: then it is taken,
 * whichever is heard of first.
 */
export function marked(mark: Mark, entry: Entry): Mark {
  const { ctr } = dotOfEntry(entry);
  if (mark.refused.length === 0 && entry.slot !== Slot.REFUSED) {
    return ctr > mark.ctr ? { ...mark, ctr } : mark;
  }
  const others = mark.refused.filter((each) => each.ctr !== ctr);
  const refuses = entry.slot === Slot.REFUSED && !isKnown(mark, ctr);
  const refused = refuses
    ? [...others, create(RefusedSchema, { ctr, refusal: entry.refusal })]
    : entry.slot === Slot.EFFECT
      ? others
      : mark.refused;
  return { ...mark, ctr: Math.max(mark.ctr, ctr), refused };
}

/** The op an entry is about. */
export function dotOfEntry({ dot }: Entry): Dot {
  if (dot === undefined) throw new Error("an entry without a dot");
  return dot;
}

/** The stamp an entry bears. */
export function stampOf({ stamp }: Entry): { hub: string; ctr: number } {
  if (stamp === undefined) throw new Error("an entry without a stamp");
  return stamp;
}
