import { create } from "@bufbuild/protobuf";
import { StoredEventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { expect, test } from "vitest";
import { factOf } from "../../parts/fact.ts";
import type { Row } from "./log.ts";
import { stepFrom } from "./step.ts";

const rows = [1n, 2n, 5n].map((cursor): Row => {
  const fact = factOf(create(StoredEventSchema, { cursor }));
  if (fact === undefined) throw new Error("an event");
  return { case: "fact", cursor, fact };
});
const gapped: readonly Row[] = [...rows, { case: "gap", cursor: 9n, from: 6n, reason: "" }];

test("older and newer lie beside the open event, and gaps are passed over", () => {
  expect(stepFrom(gapped, 5n, 1)).toBe(2n);
  expect(stepFrom(gapped, 1n, -1)).toBe(2n);
  expect(stepFrom(gapped, 5n, -1)).toBeUndefined();
  expect(stepFrom(gapped, 1n, 1)).toBeUndefined();
});

test("an event that the filter hides still has neighbours", () => {
  expect([stepFrom(rows, 3n, 1), stepFrom(rows, 3n, -1)]).toEqual([2n, 5n]);
});

test("where none is open it begins at an end", () => {
  expect([stepFrom(rows, undefined, 1), stepFrom(rows, undefined, -1)]).toEqual([5n, 1n]);
  expect(stepFrom([], undefined, 1)).toBeUndefined();
});
