import { create, fromBinary } from "@bufbuild/protobuf";
import {
  GraphSummarySchema,
  PresenceSchema,
  TelemetrySyncSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { NodeRetiredSchema } from "@foedus/gen/foedus/node/v1/node_event_pb.js";
import { NodeSchema } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { expect, test } from "vitest";
import type { FoedusError } from "../error.ts";
import { anyPayloadOf, payloadOf, prepare } from "./families.ts";

test("what the schema marks sensitive stays at home, however deep", () => {
  const told = prepare(GraphSummarySchema, {
    projectSlug: "web",
    lastCommit: { hash: "abc", author: "Ada", subject: "web: draw the map" },
  });
  const { lastCommit } = fromBinary(GraphSummarySchema, told.payload);
  expect(lastCommit).toMatchObject({ hash: "abc", subject: "web: draw the map", author: "" });
  const presence = prepare(PresenceSchema, { projectSlug: "web", localPath: "/home/ada/web" });
  expect(fromBinary(PresenceSchema, presence.payload).localPath).toBe("");
});

test("the sender's own message is left as it was", () => {
  const presence = create(PresenceSchema, { localPath: "/home/ada/web" });
  prepare(PresenceSchema, presence);
  expect(presence.localPath).toBe("/home/ada/web");
});

test("a family with the flag says that it was sanitised", () => {
  const { type, payload } = prepare(TelemetrySyncSchema, { trustScore: 80 });
  expect(type).toBe("telemetry_sync");
  expect(fromBinary(TelemetrySyncSchema, payload)).toMatchObject({
    sanitized: true,
    trustScore: 80,
  });
});

test("what has no source stays unset", () => {
  const { payload } = prepare(GraphSummarySchema, { projectSlug: "web" });
  const summary = fromBinary(GraphSummarySchema, payload);
  expect([summary.files, summary.shallow, summary.lastCommit]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test.each([
  ["a message that is no family", () => prepare(NodeSchema, {}), Reason.NOT_A_FAMILY],
  ["a fact of the hub", () => prepare(NodeRetiredSchema, {}), Reason.NOT_A_FAMILY],
  [
    "a payload that is too large",
    () => prepare(GraphSummarySchema, { tags: Array(100).fill("x".repeat(4_000)) }),
    Reason.LIMIT_EXCEEDED,
  ],
])("%s is refused before it is sent", (_, act, reason) => {
  expect(act).toThrow(expect.objectContaining({ reason, name: "FoedusError" }) as FoedusError);
});

test("a payload is read by its family, and by no other", () => {
  const { type, payload } = prepare(PresenceSchema, { projectSlug: "web" });
  const event = create(EventSchema, { type, payload });
  expect(payloadOf(event, PresenceSchema)?.projectSlug).toBe("web");
  expect(payloadOf(event, TelemetrySyncSchema)).toBeUndefined();
  expect(anyPayloadOf(event)?.schema).toBe(PresenceSchema);
  expect(anyPayloadOf({ ...event, type: "nobody.knows" })).toBeUndefined();
  expect(payloadOf({ ...event, payload: new Uint8Array([255]) }, PresenceSchema)).toBeUndefined();
});
