import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BatchSchema, type Batch } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { EntrySchema, Refusal, Slot, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import {
  PullResponseSchema,
  SessionResponseSchema,
} from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { framed } from "@foedus/kernel/sync/frame.ts";
import { packed, unpacked } from "@foedus/kernel/sync/pack.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodedAnswer, packedOnce } from "./packing.ts";

const counter = fc.integer({ min: 1, max: 2 ** 32 - 1 });
const name = fc.string({ minLength: 1, maxLength: 12 });
const dot = fc.record({ replica: name, ctr: counter });
const slot = fc.constantFrom(
  { slot: Slot.EFFECT, refusal: Refusal.UNSPECIFIED },
  { slot: Slot.ALIAS, refusal: Refusal.UNSPECIFIED },
  { slot: Slot.REFUSED, refusal: Refusal.CLOCK_AHEAD },
);
const entry = fc
  .tuple(
    fc.record({
      stamp: fc.record({ hub: name, ctr: counter }),
      dot,
      unseen: fc.array(dot, { maxLength: 2 }),
      op: fc.uint8Array({ maxLength: 300 }),
    }),
    slot,
  )
  .map(([all, kind]) => ({ ...all, ...kind }));
const batch = fc
  .record({
    entries: fc.array(entry, { maxLength: 6 }),
    seqFrom: fc.nat(1_000_000),
    epoch: name,
    vector: fc.dictionary(name, counter, { maxKeys: 3 }),
    stream: fc.record({ collection: name, partition: name, zone: name, lane: fc.nat(3) }),
  })
  .map(({ entries, seqFrom, stream, ...rest }): Batch => {
    const numbered = entries.map((one, at) =>
      create(EntrySchema, { ...one, seq: seqFrom + 1 + 2 * at }),
    );
    const seqTo = seqFrom + 2 * numbered.length;
    const init = { ...rest, seqFrom, seqTo, stream: create(StreamSchema, stream) };
    return { ...create(BatchSchema, init), entries: numbered };
  });
const ids = fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: 1, maxLength: 4 });

const sent = (one: Batch, id: number) => framed({ case: "batch", value: { ...one, id } });
const answer = (frame: ReturnType<typeof sent>) =>
  create(SessionResponseSchema, { said: { case: "frame", value: frame } });

test("what is handed to the door says what the message says, whoever is sent it", () => {
  fc.assert(
    fc.property(batch, ids, (one, all) => {
      for (const id of all) {
        const said = packedOnce(sent(one, id));
        expect(said).toEqual(packed(sent(one, id)));
        expect(unpacked(said)).toEqual(sent(one, id));
        const bytes = encodedAnswer(said);
        if (one.entries.length === 0) {
          expect(bytes).toBeUndefined();
          continue;
        }
        const joined = new Uint8Array(Buffer.concat(bytes ?? []));
        expect(fromBinary(SessionResponseSchema, joined)).toEqual(answer(said));
        expect(fromBinary(PullResponseSchema, joined).said).toEqual(answer(said).said);
        expect(joined.length).toBe(toBinary(SessionResponseSchema, answer(said)).length);
      }
    }),
  );
});

test("a batch is packed and encoded once for all who are sent the same", () => {
  const [stamp, dot] = [
    { hub: "hub-1", ctr: 5 },
    { replica: "a", ctr: 1 },
  ];
  const init = { seq: 5, stamp, dot, op: Uint8Array.of(1), slot: Slot.EFFECT };
  const one: Batch = {
    ...create(BatchSchema, { epoch: "e", seqFrom: 4, seqTo: 5, stream: { collection: "notes" } }),
    entries: [create(EntrySchema, init)],
  };
  const [first, second] = [packedOnce(sent(one, 1)), packedOnce(sent(one, 300))];
  expect(encodedAnswer(first)?.[1]).toBe(encodedAnswer(second)?.[1]);
  // The same entries as another part of the log, or of another log, are not the same.
  for (const other of [{ seqFrom: 3 }, { seqTo: 6 }, { epoch: "f" }, { vector: { x: 1 } }]) {
    const elsewhere = packedOnce(sent({ ...one, ...other }, 1));
    expect(elsewhere).toEqual(packed(sent({ ...one, ...other }, 1)));
    expect(encodedAnswer(elsewhere)?.[1]).not.toBe(encodedAnswer(first)?.[1]);
  }
  const stream = create(StreamSchema, { collection: "notes", zone: "eu" });
  expect(packedOnce(sent({ ...one, stream }, 1))).toEqual(packed(sent({ ...one, stream }, 1)));
});
