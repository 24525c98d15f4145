import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Kind, StreamSchema, type Cell } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { utf8 } from "@foedus/kernel/bytes.ts";
import { emptyCell, written } from "@foedus/kernel/sync/cell.ts";
import { dotKey, dotOf } from "@foedus/kernel/sync/dot.ts";
import { encodeOp } from "@foedus/kernel/sync/op.ts";
import { expect, test } from "vitest";
import { resolving, type Wish } from "./resolve.ts";

const stream = create(StreamSchema, { collection: "notes", zone: "world", lane: 2 });
const nowMs = 1_000_000;
const clock = { nowMs, aheadMsMax: 60_000 };
const [one, two] = [dotOf("a", 1), dotOf("b", 7)];
const keepTwo: Wish["value"] = { case: "keep", value: two };

function cellWith(hlcMs = nowMs - 5): Cell {
  return [one, two].reduce(
    (cell: Cell, dot) => {
      const body = utf8(`by ${dot.replica}`);
      const revision = { schemaRevision: dot.ctr };
      const op = { record: "n1", field: "text", kind: Kind.REG_LWW, hlcMs, body, ...revision };
      return written(cell, { dot, bytes: encodeOp(op), unseen: [] });
    },
    emptyCell("n1", "text"),
  );
}

test("one op supersedes all that was seen, and bears the value that is kept", () => {
  const op = resolving(stream, cellWith(), { seen: [two, one], value: keepTwo }, clock);
  expect(op).toMatchObject({ record: "n1", field: "text", kind: Kind.REG_LWW, schemaRevision: 7 });
  expect(op.supersedes?.map((dot) => dotKey(dotOf(dot.replica ?? "", dot.ctr ?? 0)))).toEqual([
    "a:1",
    "b:7",
  ]);
  expect(op.body).toEqual(utf8("by b"));
  expect(op.hlcMs).toBe(nowMs);
});

test("another value is written by the newest revision of those that were seen", () => {
  const value = { case: "body", value: utf8("both") } as const;
  const op = resolving(stream, cellWith(), { seen: [one, two], value }, clock);
  expect(op).toMatchObject({ body: utf8("both"), schemaRevision: 7 });
});

test.each([
  { name: "less", seen: [one] },
  { name: "more", seen: [one, two, dotOf("c", 1)] },
  { name: "others", seen: [one, dotOf("b", 8)] },
  { name: "one twice", seen: [one, one] },
])("who saw $name than there is changes nothing", ({ seen }) => {
  expect(() => resolving(stream, cellWith(), { seen, value: keepTwo }, clock)).toThrow(
    expect.objectContaining({ reason: Reason.SYNC_CONFLICT_MOVED }),
  );
});

test("nothing is kept that was not there", () => {
  const value = { case: "keep", value: dotOf("c", 1) } as const;
  expect(() => resolving(stream, cellWith(), { seen: [one, two], value }, clock)).toThrow(
    expect.objectContaining({ reason: Reason.SYNC_NO_CONTENDER }),
  );
});

test("a value far ahead of the clock is followed no further than a hub takes", () => {
  const times = [nowMs + 30_000, nowMs + 90_000].map(
    (hlcMs) =>
      resolving(stream, cellWith(hlcMs), { seen: [one, two], value: keepTwo }, clock).hlcMs,
  );
  expect(times).toEqual([nowMs + 30_000 + 1 / 1024, nowMs + clock.aheadMsMax]);
});
