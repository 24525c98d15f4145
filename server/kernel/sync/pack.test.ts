import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FrameSchema, PackedBatchSchema } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { EntrySchema, Kind, Refusal, Slot } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dotOf } from "./dot.ts";
import { framed } from "./frame.ts";
import { counterMax } from "./limits.ts";
import { encodeOp } from "./op.ts";
import { MalformedBatch, packed, unpacked } from "./pack.ts";

const stream = { collection: "notes", zone: "world", lane: 1 };
const name = fc.string({ minLength: 1, maxLength: 8 });
const ctr = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: counterMax }));
const dot = fc.record({ replica: name, ctr });

const entry = fc
  .record({
    step: fc.integer({ min: 1, max: 3 }),
    stamp: fc.record({ hub: name, ctr }),
    dot,
    slot: fc.constantFrom(Slot.EFFECT, Slot.ALIAS, Slot.REFUSED),
    unseen: fc.array(dot, { maxLength: 2 }),
    op: fc.uint8Array({ maxLength: 20 }),
  })
  .map((each) => {
    const refused = each.slot === Slot.REFUSED;
    return { ...each, refusal: refused ? Refusal.KIND_CLASH : Refusal.UNSPECIFIED };
  });

const frames = fc
  .record({ seqFrom: fc.nat(1000), beyond: fc.nat(5), entries: fc.array(entry, { maxLength: 20 }) })
  .map(({ seqFrom, beyond, entries }) => {
    let seq = seqFrom;
    const placed = entries.map(({ step, ...rest }) => ({ ...rest, seq: (seq += step) }));
    const value = { stream, id: 7, epoch: "e", seqFrom, seqTo: seq + beyond, vector: { h: 3 } };
    return framed({ case: "batch", value: { ...value, entries: placed } });
  });

test("what is packed and unpacked again is the same, over the wire too", () => {
  fc.assert(
    fc.property(frames, (frame) => {
      const bytes = toBinary(FrameSchema, packed(frame));
      expect(unpacked(fromBinary(FrameSchema, bytes))).toEqual(frame);
    }),
    { numRuns: 300 },
  );
});

test("all other frames pass as they are", () => {
  const bye = framed({ case: "bye", value: { reason: "enough" } });
  expect(packed(bye)).toBe(bye);
  expect(unpacked(bye)).toBe(bye);
});

const replica = "hs5k0-aaaaaaaaaaaaaa";
const hub = "hub-1";

/** 256 writes of an 8-byte body to records of 16 characters. */
function batchOf(kind: Kind, supersedes: number) {
  const entries = Array.from({ length: 256 }, (_, at) => {
    const record = `record-${String(at).padStart(9, "0")}`;
    const body = kind === Kind.COUNTER ? undefined : new Uint8Array(8);
    const amount = kind === Kind.COUNTER ? at + 1 : 0;
    const seen = Array.from({ length: supersedes }, () => dotOf(replica, at + 1));
    const said = { kind, record, body, amount, supersedes: seen, hlcMs: 1_800_000_000_000.5 };
    const op = encodeOp(said);
    const ctrs = { seq: 5001 + at, stamp: { hub, ctr: 5001 + at }, dot: dotOf(replica, 301 + at) };
    return create(EntrySchema, { ...ctrs, slot: Slot.EFFECT, op });
  });
  const head = { stream, id: 9, epoch: hub, seqFrom: 5000, seqTo: 5256, vector: { [hub]: 5256 } };
  return framed({ case: "batch", value: { ...head, entries } });
}

const bytesEach = (kind: Kind, supersedes: number): number => {
  return toBinary(FrameSchema, packed(batchOf(kind, supersedes))).length / 256;
};

test("an op with an 8-byte body costs at most 45 bytes on the wire", () => {
  const [reg, counter] = [bytesEach(Kind.REG_LWW, 0), bytesEach(Kind.COUNTER, 0)];
  const over = bytesEach(Kind.REG_LWW, 1);
  expect(Math.max(reg, counter)).toBeLessThanOrEqual(45);
  // The name of what it supersedes is the author's, and is signed with the rest.
  expect(over).toBeLessThanOrEqual(75);
});

test.each([
  ["columns of other lengths", { ctrs: [1] }],
  ["a column that is neither whole nor empty", { seqs: [1] }],
  ["a name that is not listed", { replicas: [1, 2] }],
  ["no name where one is said", { names: ["hub-1", ""] }],
  ["an op below 1", { ctrs: [1, -1] }],
  ["a stamp below 1", { stampCtrs: [0, 1] }],
  ["a place that does not go on", { seqs: [1, 0] }],
  ["a place after the last", { seqs: [1, 9] }],
  ["an unknown slot", { slots: [1, 7] }],
  ["no slot", { slots: [1, 0] }],
  ["a refusal of what took effect", { slots: [1, 17] }],
  ["unseen ops of no entry", { unseen: [{ index: 2, dots: [] }] }],
  ["an unseen op below 1", { unseen: [{ index: 0, dots: [{ replica: "r", ctr: 0 }] }] }],
])("%s are malformed", (_, wrong) => {
  const ops = [new Uint8Array(), new Uint8Array()];
  const columns = { names: [hub, replica], stampCtrs: [1, 1], replicas: [1, 1], ctrs: [1, 1] };
  const sound = { stream, id: 1, seqFrom: 0, seqTo: 2, ops, ...columns };
  const frameOf = (more: object) => {
    return framed({ case: "packed", value: create(PackedBatchSchema, { ...sound, ...more }) });
  };
  expect(unpacked(frameOf({})).frame.case).toBe("batch");
  expect(() => unpacked(frameOf(wrong))).toThrow(MalformedBatch);
});
