import { create, toBinary } from "@bufbuild/protobuf";
import {
  Health_Status,
  HealthSchema,
  TelemetrySyncSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { expect, test } from "vitest";
import { decodePayload } from "../../parts/families.ts";
import { lineOf } from "./payload-line.ts";

test("a line says what was said, and not what was left open", () => {
  const health = create(HealthSchema, { status: Health_Status.HEALTHY, latencyMs: 58.3845 });
  const payload = decodePayload("hub.health", toBinary(HealthSchema, health));
  expect(lineOf("hub.health", payload)).toBe("status healthy · latency 58.38 ms");
});

test("many of a kind are counted", () => {
  const priorities = [{ topic: "sync" }, { topic: "docs" }];
  const sync = toBinary(TelemetrySyncSchema, create(TelemetrySyncSchema, { priorities }));
  expect(lineOf("telemetry_sync", decodePayload("telemetry_sync", sync))).toContain("priorities 2");
});

test("bytes that nobody here can read are told as such", () => {
  const payload = decodePayload("no.such.family", new Uint8Array(3));
  expect(lineOf("no.such.family", payload)).toBe("3 bytes, this page does not know the family");
});
