import { create } from "@bufbuild/protobuf";
import { EntrySchema, Refusal, Slot, type Entry } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { entriesOf, runsOf } from "./run.ts";

const names = fc.constantFrom("a", "b", "c");
const bytes = fc.uint8Array({ maxLength: 400 });
const late = fc.array(fc.record({ replica: names, ctr: fc.integer({ min: 1, max: 9 }) }), {
  maxLength: 2,
});
const place = fc.record({
  hub: names,
  replica: names,
  ctr: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  slot: fc.constantFrom(Slot.EFFECT, Slot.ALIAS, Slot.REFUSED),
  refusal: fc.constantFrom(Refusal.UNSPECIFIED, Refusal.MALFORMED, Refusal.READ_ONLY),
  op: bytes,
  late,
});

function entriesFrom(places: readonly (typeof place extends fc.Arbitrary<infer T> ? T : never)[]) {
  const stamps = new Map<string, number>();
  return places.map(({ hub, replica, ctr, slot, refusal, op, late: unseen }, at): Entry => {
    const stamp = { hub, ctr: (stamps.get(hub) ?? 0) + 1 };
    stamps.set(hub, stamp.ctr);
    const dot = { replica, ctr };
    return create(EntrySchema, { seq: 8 + at, stamp, dot, slot, refusal, op, unseen });
  });
}

test("runs hold their entries as they were, whoever stamped and wrote them", () => {
  fc.assert(
    fc.property(fc.array(place, { maxLength: 60 }), (places) => {
      const entries = entriesFrom(places);
      const runs = runsOf(entries);
      expect(runs.flatMap(entriesOf)).toEqual(entries);
      const counted = runs.map(({ seq, firstSeq }) => seq - firstSeq + 1);
      expect(counted.reduce((sum, count) => sum + count, 0)).toBe(entries.length);
    }),
  );
});

test("fifty small ops of one writer are a few rows", () => {
  const op = new Uint8Array(60);
  const entries = Array.from({ length: 50 }, (_, at) => {
    const [stamp, dot] = [
      { hub: "h", ctr: at + 1 },
      { replica: "r", ctr: at + 1 },
    ];
    return create(EntrySchema, { seq: at + 1, stamp, dot, slot: Slot.EFFECT, op });
  });
  const runs = runsOf(entries);
  expect(runs).toHaveLength(2);
  expect(Math.max(...runs.map(({ body }) => body.length))).toBeLessThan(1_800);
});
