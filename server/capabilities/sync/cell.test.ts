import { create, toBinary } from "@bufbuild/protobuf";
import { CellSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { writeCell } from "./cell.ts";
import { Slicer } from "./slices.ts";

const replica = fc.oneof(
  fc.string({ maxLength: 70 }),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom("", "a".repeat(127), "a".repeat(128)),
);
const dot = fc.record({
  replica,
  ctr: fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
});
const cell = fc.record({
  siblings: fc.array(fc.record({ dot, op: fc.uint8Array({ maxLength: 300 }) }), { maxLength: 4 }),
  pending: fc.array(dot, { maxLength: 4 }),
  sum: fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constant(0n)),
  max: fc.option(fc.double(), { nil: undefined }),
});

test("the bytes of a cell are those of its message, whatever is in it", () => {
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 3 }), (cells) => {
      const slicer = new Slicer();
      const messages = cells.map(({ max, ...rest }) =>
        create(CellSchema, max === undefined ? rest : { ...rest, max }),
      );
      for (const message of messages) writeCell(slicer, message);
      const { bytes, lengths } = slicer.slices();
      const wanted = messages.map((message) => toBinary(CellSchema, message));
      expect(lengths).toBe(`{${wanted.map(({ length }) => length).join()}}`);
      expect(Buffer.compare(bytes, Buffer.concat(wanted))).toBe(0);
    }),
  );
});
