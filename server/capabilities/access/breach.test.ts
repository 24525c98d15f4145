import { create } from "@bufbuild/protobuf";
import { EventRefusedSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { expect, test } from "vitest";
import { breachMax, breachMs, breachOf, evidenceIn, evidenceMax, quarantineId } from "./breach.ts";

function breach(cursor: bigint, timeMs = 0, batches = 1n) {
  const refused = create(EventRefusedSchema, { nodeId: "n", reason: "NOT_YOURS", batches });
  const found = breachOf(refused, cursor, timeMs);
  if (found === undefined) throw new Error("it counts nothing");
  return found;
}

test("two breaches are a slip, three are enough, whether told together or one by one", () => {
  const three = [breach(1n), breach(2n), breach(3n)];
  expect(evidenceIn(three.slice(0, breachMax - 1), 1)).toBeUndefined();
  expect(evidenceIn(three, 1)).toEqual([1n, 2n, 3n]);
  expect(evidenceIn([breach(7n, 0, 3n)], 1)).toEqual([7n]);
  expect(evidenceIn([breach(7n, 0, 2n)], 1)).toBeUndefined();
});

test("a breach counts for ten minutes", () => {
  const spread = [breach(1n, 0), breach(2n, 1), breach(3n, 2)];
  expect(evidenceIn(spread, breachMs - 1)).toEqual([1n, 2n, 3n]);
  expect(evidenceIn(spread, breachMs)).toBeUndefined();
});

test("refusals that an honest node may get count nothing", () => {
  for (const reason of ["EVENT_TIME_REFUSED", "EVENT_EPOCH_OLD", "EVENT_MALFORMED"]) {
    expect(breachOf(create(EventRefusedSchema, { nodeId: "n", reason }), 1n, 0)).toBeUndefined();
  }
});

test("no more evidence is kept than an identity holds", () => {
  const many = Array.from({ length: 2 * evidenceMax }, (_, at) => breach(BigInt(at)));
  expect(evidenceIn(many, 1)).toHaveLength(evidenceMax);
  expect(evidenceIn(many, 1)?.at(-1)).toBe(BigInt(2 * evidenceMax - 1));
});

test("evidence that is less when it is weighed again is another request", () => {
  const weighed = [5n, 6n, 7n, 8n];
  expect(quarantineId(weighed)).toBe(quarantineId([...weighed]));
  expect(quarantineId(weighed.slice(1))).not.toBe(quarantineId(weighed));
});
