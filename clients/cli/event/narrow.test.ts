import { create, toBinary } from "@bufbuild/protobuf";
import { Health_Status, HealthSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema, StoredEventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import type { HeardEvent } from "@foedus/sdk/event/heard.ts";
import { expect, test } from "vitest";
import type { FilterOptions } from "./filter.ts";
import { narrowBy } from "./narrow.ts";

const nowMs = 1_795_259_748_531;
const minuteMs = 60_000;

function heard(receivedMs = nowMs): HeardEvent {
  const health = create(HealthSchema, {
    status: Health_Status.DEGRADED,
    degradedReasons: ["disk full"],
  });
  const payload = toBinary(HealthSchema, health);
  const event = create(EventSchema, { type: "hub.health", subject: "node_a", payload });
  return { kind: "event", cursor: 1n, receivedMs, event, stored: create(StoredEventSchema) };
}

const takes = (options: FilterOptions, event = heard()) => narrowBy(options, nowMs)(event, "atlas");

test("every word must be found, in whatever is read of an event", () => {
  for (const words of ["DISK", "full disk", "node_a", "atlas", "hub.health degraded", ""]) {
    expect([words, takes({ words })]).toEqual([words, true]);
  }
  expect(takes({ words: "disk empty" })).toBe(false);
});

test("time begins with its first millisecond and ends before its last", () => {
  const since = (ms: number) => ms - minuteMs;
  expect(takes({ since }, heard(nowMs - minuteMs))).toBe(true);
  expect(takes({ since }, heard(nowMs - minuteMs - 1))).toBe(false);
  expect(takes({ until: since }, heard(nowMs - minuteMs - 1))).toBe(true);
  expect(takes({ until: since }, heard(nowMs - minuteMs))).toBe(false);
});
