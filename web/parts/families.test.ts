import { create, toBinary } from "@bufbuild/protobuf";
import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { expect, test } from "vitest";
import { decodePayload, families } from "./families.ts";

test("every family of the schema is known by its type", () => {
  expect([...families.keys()]).toEqual(
    expect.arrayContaining([
      "telemetry_sync",
      "hub.presence",
      "integration.edge",
      "node.retired",
      "task_ended",
    ]),
  );
});

test("a payload is read by its family", () => {
  const sent = create(TelemetrySyncSchema, { eventsPublished: 7n, sanitized: true });
  const payload = decodePayload("telemetry_sync", toBinary(TelemetrySyncSchema, sent));
  expect(payload).toMatchObject({ known: true, json: { eventsPublished: "7", sanitized: true } });
});

test("an unknown family and a damaged payload are shown as bytes", () => {
  const bytes = new Uint8Array([255, 255, 1]);
  expect(decodePayload("nobody.knows", bytes)).toMatchObject({ known: false, hex: "ffff01" });
  expect(decodePayload("telemetry_sync", bytes)).toMatchObject({ known: false, length: 3 });
});
