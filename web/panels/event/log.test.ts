import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { SubscribeResponseSchema } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { expect, test } from "vitest";
import { emptyLog, type Log, logWith, rowsMax } from "./log.ts";

type Item = MessageInitShape<typeof SubscribeResponseSchema>["item"];
const event = toBinary(EventSchema, create(EventSchema, { type: "telemetry_sync" }));

function delivery(from: number, count: number): Item {
  const events = Array.from({ length: count }, (_, index) => ({
    cursor: BigInt(from + index),
    event,
  }));
  return { case: "delivery", value: { events, cursor: BigInt(from + count - 1) } };
}

function heard(...items: Item[]): Log {
  return items.reduce(
    (log, item) => logWith(log, create(SubscribeResponseSchema, { item })),
    emptyLog(0n),
  );
}

test("events come in log order and move the cursor", () => {
  const log = heard(delivery(1, 3), { case: "head", value: { cursor: 3n } });
  expect(log.rows.map(({ cursor }) => cursor)).toEqual([1n, 2n, 3n]);
  expect(log).toMatchObject({ cursor: 3n, caughtUp: true, taken: 3 });
});

test("what is missing stands as a row of its own", () => {
  const gap: Item = { case: "gap", value: { fromCursor: 4n, toCursor: 9n, reason: "retention" } };
  const log = heard(delivery(1, 3), gap, delivery(10, 1));
  expect(log.rows.map((row) => row.case)).toEqual(["fact", "fact", "fact", "gap", "fact"]);
});

test("a hub that comes back with an older log is followed from where that ends", () => {
  const older: Item = { case: "gap", value: { fromCursor: 3n, toCursor: 5n, reason: "older" } };
  const log = heard(delivery(1, 5), older, delivery(3, 1));
  expect(log.rows.map((row) => [row.case, row.cursor])).toEqual([
    ["fact", 1n],
    ["fact", 2n],
    ["gap", 2n],
    ["fact", 3n],
  ]);
});

test("an event that is told again after a reconnect is not shown twice", () => {
  expect(heard(delivery(1, 3), delivery(2, 3)).rows).toHaveLength(4);
});

test("the log keeps the newest and counts what it dropped", () => {
  const log = heard(delivery(1, rowsMax), delivery(rowsMax + 1, 5));
  expect(log.rows).toHaveLength(rowsMax);
  expect(log.rows[0]?.cursor).toBe(6n);
  expect(log.dropped).toBe(5);
});

test("bytes that are no event are left out, not crashed on", () => {
  const events = [{ cursor: 1n, event: new Uint8Array([255]) }];
  expect(heard({ case: "delivery", value: { events, cursor: 1n } })).toMatchObject({ rows: [] });
});
