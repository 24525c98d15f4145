import { create } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { Kind, StreamSchema, type Cell } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { emptyCell, written } from "@foedus/kernel/sync/cell.ts";
import { dotOf } from "@foedus/kernel/sync/dot.ts";
import { encodeOp } from "@foedus/kernel/sync/op.ts";
import { expect, test } from "vitest";
import { conflictOf } from "./conflict.ts";

const stream = create(StreamSchema, { collection: "notes", zone: "world", lane: 2 });
const noon = 1_795_262_400_000;
const authors = new Map([
  ["a", { id: "node_a", name: "edge-1" }],
  ["b", { id: "node_b", name: "edge-2" }],
]);

/** A field to which each of these wrote once, without knowledge of the others. */
function cellOf(kind: Kind, ...writes: readonly (readonly [replica: string, hlcMs: number])[]) {
  return writes.reduce(
    (cell: Cell, [replica, hlcMs]) => {
      const bytes = encodeOp({ record: "n1", field: "text", kind, hlcMs });
      return written(cell, { dot: dotOf(replica, 1), bytes, unseen: [] });
    },
    emptyCell("n1", "text"),
  );
}

const whyOf = (cell: Cell) => conflictOf(stream, cell, authors)?.why;

test("the later of two values is shown, and the sentence says both times and authors", () => {
  const cell = cellOf(Kind.REG_LWW, ["a", noon + 20_002], ["b", noon + 22_101]);
  const conflict = conflictOf(stream, cell, authors);
  expect(conflict?.why).toBe(
    "Of 2 values written without knowledge of each other the later by hybrid time is shown: " +
      "12:00:22.101 by edge-2, against 12:00:20.002 by edge-1.",
  );
  expect(conflict?.contenders.map(({ author, shown }) => [author, shown])).toEqual([
    ["edge-2", true],
    ["edge-1", false],
  ]);
  const [first] = conflict?.contenders ?? [];
  expect(first?.writeTime && timestampMs(first.writeTime)).toBe(noon + 22_101);
  expect(first?.authorId).toBe("node_b");
});

test("ticks within one millisecond are told apart", () => {
  const cell = cellOf(Kind.REG_LWW, ["a", noon], ["b", noon + 3 / 1024]);
  expect(whyOf(cell)).toContain("12:00:00.000+3 by edge-2, against 12:00:00.000 by edge-1.");
});

test("of equal times the name decides, and the sentence says so", () => {
  const cell = cellOf(Kind.REG_LWW, ["b", noon], ["a", noon]);
  expect(whyOf(cell)).toBe(
    "Of 2 values written without knowledge of each other the latest by hybrid time is shown, of " +
      "equal ones the one whose name sorts last: 12:00:00.000 by edge-2 (b:1), against " +
      "12:00:00.000 by edge-1.",
  );
});

test("a field of many values shows all of them", () => {
  const cell = cellOf(Kind.REG_MV, ["a", noon], ["b", noon + 1]);
  expect(whyOf(cell)).toBe(
    "All of 2 values written without knowledge of each other are shown until one replaces them: " +
      "12:00:00.001 by edge-2 and 12:00:00.000 by edge-1.",
  );
  const shown = conflictOf(stream, cell, authors)?.contenders.map((each) => each.shown);
  expect(shown).toEqual([true, true]);
});

test("of many values some are named, and who wrote at another hub is called by the replica", () => {
  const names = ["c", "d", "e", "f", "g", "h", "i"];
  const cell = cellOf(Kind.REG_LWW, ...names.map((name, at) => [name, noon + at] as const));
  expect(whyOf(cell)).toContain("the latest by hybrid time is shown: 12:00:00.006 by replica i,");
  expect(whyOf(cell)).toMatch(/ and 2 more\.$/);
});

test("one value alone is no conflict, and none is none", () => {
  expect(conflictOf(stream, cellOf(Kind.REG_LWW, ["a", noon]), authors)).toBeUndefined();
  expect(conflictOf(stream, emptyCell("n1", "text"), authors)).toBeUndefined();
});
