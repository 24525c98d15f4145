import { create, toBinary, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import {
  GraphSummarySchema,
  Health_Status,
  HealthSchema,
  IntegrationEdge_Kind,
  IntegrationEdgeSchema,
  PresenceSchema,
  TelemetrySyncSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import {
  type Event,
  EventSchema,
  StoredEventSchema,
} from "@foedus/gen/foedus/event/v1/event_pb.js";
import { NodeStateChangedSchema } from "@foedus/gen/foedus/node/v1/node_event_pb.js";
import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { factType } from "@foedus/kernel/change.ts";
import type { HeardEvent } from "@foedus/sdk/event/heard.ts";
import { paintWith } from "../paint.ts";
import { heardJson, heardLine } from "./line.ts";
import { payloadLine } from "./payload.ts";
import { sentenceOf } from "./sentence.ts";

function eventOf<Schema extends DescMessage>(
  schema: Schema,
  init: MessageInitShape<Schema>,
): Event {
  const payload = toBinary(schema, create(schema, init));
  return create(EventSchema, { type: factType(schema), timeMs: 1_795_259_748_531n, payload });
}

function heard(event: Event): HeardEvent {
  return { kind: "event", cursor: 12n, receivedMs: 1, event, stored: create(StoredEventSchema) };
}

const lineOf = (event: Event) => paintWith(false)(...(heardLine(heard(event), "web") ?? []));

test("a state says what it was and why it changed", () => {
  const node = { name: "web", state: NodeState.OFFLINE, stateReasons: ["no heartbeat"] };
  const event = eventOf(NodeStateChangedSchema, { node, was: NodeState.ONLINE });
  expect(sentenceOf(event)).toBe("web is offline, was online: no heartbeat");
  expect(lineOf(event)).toMatch(/^#12 +11:15:48Z +web +node\.state_changed +web is offline/);
});

test("what has no source is left out, and never 0", () => {
  expect(sentenceOf(eventOf(TelemetrySyncSchema, { eventsWaiting: 0n }))).toBe("0 waiting");
  expect(sentenceOf(eventOf(TelemetrySyncSchema, {}))).toBe("");
  const summary = { projectSlug: "web", files: 1n };
  expect(sentenceOf(eventOf(GraphSummarySchema, summary))).toBe("web, 1 file");
});

test("a tie names its proof, and says when it is gone", () => {
  const edge = {
    fromProject: "cli",
    toPackage: "@foedus/gen",
    kind: IntegrationEdge_Kind.SHARED_SCHEMA,
    proof: { manifest: "package.json", line: 12 },
  };
  expect(sentenceOf(eventOf(IntegrationEdgeSchema, edge))).toBe(
    "cli depends on @foedus/gen, shared schema (package.json:12)",
  );
  expect(sentenceOf(eventOf(IntegrationEdgeSchema, { ...edge, removed: true }))).toContain(
    "no longer depends on",
  );
});

test("health tells its reasons, and a presence what it offers", () => {
  const health = { status: Health_Status.DEGRADED, latencyMs: 12, degradedReasons: ["slow disk"] };
  expect(sentenceOf(eventOf(HealthSchema, health))).toBe("degraded, round trip 12.0 ms, slow disk");
  const presence = { projectSlug: "web", title: "Web", capabilities: ["graph"] };
  expect(sentenceOf(eventOf(PresenceSchema, presence))).toBe("Web (web) is here, offers graph");
});

test("a title that would clear the screen is shown, not obeyed", () => {
  const event = eventOf(PresenceSchema, { projectSlug: "x", title: "\u001b[2J\u202eevil" });
  expect(lineOf(event)).toContain("\\x1b[2J\\u{202e}evil");
});

test("a family that is unknown here is shown by its size, and given to programs as bytes", () => {
  const event = create(EventSchema, { type: "from.tomorrow", payload: Uint8Array.of(1, 2, 3) });
  expect(lineOf(event)).toContain("3 bytes of a family unknown here");
  expect(heardJson(heard(event), "web")).toMatchObject({ payload: null, payloadBytes: "AQID" });
});

test("a family without a sentence is shown field by field", () => {
  const event = eventOf(GraphSummarySchema, {
    projectSlug: "a b",
    languages: [{ language: "Go" }],
    lastCommit: { hash: "ab" },
  });
  expect(payloadLine(event)).toBe('projectSlug="a b" languages=[1] lastCommit={hash=ab}');
});

test("a gap is told as one, and a forgery warns", () => {
  const gap = {
    kind: "gap",
    fromCursor: 3n,
    toCursor: 9n,
    reason: "it is no longer kept",
  } as const;
  expect(paintWith(false)(...(heardLine(gap, "") ?? []))).toBe(
    "gap: #3 to #9 are missing: it is no longer kept",
  );
  expect(heardJson(gap, "")).toEqual({ ...gap, fromCursor: "3", toCursor: "9" });
  const stored = create(StoredEventSchema);
  const forgery = { kind: "forgery", cursor: 4n, problem: "it names another key", stored } as const;
  expect(paintWith(false)(...(heardLine(forgery, "") ?? []))).toContain("#4 is NOT PROVED");
});
