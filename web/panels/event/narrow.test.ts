import { create, toBinary } from "@bufbuild/protobuf";
import { Health_Status, HealthSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema, StoredEventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { expect, test } from "vitest";
import { factOf } from "../../parts/fact.ts";
import type { Row } from "./log.ts";
import { isNarrow, type Narrow, narrowed, wordsIn } from "./narrow.ts";

const source = "spiffe://foedus.test/tenant/main/node/node_a";
const names = new Map([[source, "Atlas"]]);
const all: Narrow = { words: [], sinceMs: 0, untilMs: Number.POSITIVE_INFINITY };

function row(receivedMs: number, reason: string): Row {
  const health = create(HealthSchema, {
    status: Health_Status.DEGRADED,
    degradedReasons: [reason],
  });
  const event = create(EventSchema, {
    type: "hub.health",
    source,
    subject: "node_a",
    payload: toBinary(HealthSchema, health),
  });
  const stored = { cursor: BigInt(receivedMs), receivedMs: BigInt(receivedMs) };
  const bytes = toBinary(EventSchema, event);
  const fact = factOf(create(StoredEventSchema, { ...stored, event: bytes }));
  if (fact === undefined) throw new Error("an event");
  return { case: "fact", cursor: fact.cursor, fact };
}

const gap: Row = { case: "gap", cursor: 9n, from: 4n, reason: "retention" };
const rows = [row(1, "disk full"), gap, row(10, "clock")];
const cursors = (narrow: Partial<Narrow>) =>
  narrowed(rows, { ...all, ...narrow }, names).map(({ cursor }) => Number(cursor));

test("every word must be found, in the line, the payload, the family, the subject or the name", () => {
  for (const words of ["DISK", "full disk", "atlas full", "hub.health full", "node_a disk"]) {
    expect([words, cursors({ words: wordsIn(words) })]).toEqual([words, [1, 9]]);
  }
  expect(cursors({ words: wordsIn("disk clock") })).toEqual([9]);
});

test("a time begins with its first millisecond and ends before its last", () => {
  expect(cursors({ sinceMs: 10 })).toEqual([9, 10]);
  expect(cursors({ untilMs: 10 })).toEqual([1, 9]);
});

test("without a wish the rows are the same rows", () => {
  expect(isNarrow(all)).toBe(false);
  expect(narrowed(rows, all, names)).toBe(rows);
});
