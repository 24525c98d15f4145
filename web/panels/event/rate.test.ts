import { create, toBinary } from "@bufbuild/protobuf";
import { EventSchema, StoredEventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { expect, test } from "vitest";
import { factOf } from "../../parts/fact.ts";
import type { Row } from "./log.ts";
import { rateOf, sumOf } from "./rate.ts";

const startMs = 1_795_000_000_000;

function row(receivedMs: number, type: string): Row {
  const event = toBinary(EventSchema, create(EventSchema, { type }));
  const fact = factOf(create(StoredEventSchema, { receivedMs: BigInt(receivedMs), event }));
  if (fact === undefined) throw new Error("an event");
  return { case: "fact", cursor: 1n, fact };
}

test("each event is counted once, in the interval it was stored in", () => {
  const rows = [row(startMs, "a"), row(startMs + 999, "a"), row(startMs + 5_000, "b")];
  const rate = rateOf([...rows, { case: "gap", cursor: 9n, from: 1n, reason: "" }]);
  expect(rate).toMatchObject({ stepMs: 1_000, families: ["a", "b"], most: 2, total: 3 });
  // A minute at least, and the newest stands last.
  expect([rate?.columns.length, rate?.fromMs]).toEqual([60, startMs - 54_000]);
  expect(rate?.columns.slice(-6)).toEqual([
    [2, 0, 0],
    ...Array.from({ length: 4 }, () => [0, 0, 0]),
    [0, 1, 0],
  ]);
});

test("a log of any length makes a strip of at most 120 intervals", () => {
  for (const spanMs of [0, 118_999, 119_000, 86_400_000, 4e9, 1e12]) {
    const rate = rateOf([row(startMs, "a"), row(startMs + spanMs, "b")]);
    expect(rate?.columns.length).toBeLessThanOrEqual(120);
    expect(rate?.columns.map(sumOf).reduce((sum, count) => sum + count)).toBe(2);
  }
});

test("the four families told most have a colour, the others share one", () => {
  const types = ["e", "d", "c", "b", "a", "a"];
  const rate = rateOf(types.map((type) => row(startMs, type)));
  expect(rate).toMatchObject({ families: ["a", "b", "c", "d"] });
  expect(rate?.columns.at(-1)).toEqual([2, 1, 1, 1, 1]);
});

test("nothing has no rate", () => {
  expect(rateOf([])).toBeUndefined();
});
