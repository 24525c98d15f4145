import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import {
  GraphSummarySchema,
  PresenceSchema,
  TelemetrySyncSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { concat, utf8 } from "@foedus/kernel/bytes.ts";
import { sanitised } from "@foedus/kernel/sanitise.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { payloadWith, sensitivePlaces } from "../../../tests/support/families.ts";
import { wireOffence } from "./wire.ts";

const canary = "canary-7f3a";
const whole = toBinary(
  GraphSummarySchema,
  create(GraphSummarySchema, {
    projectSlug: "atlas",
    files: 3n,
    shallow: true,
    languages: [{ language: "TypeScript", files: 2n, lines: 100n }],
    lastCommit: { hash: "ab", timeMs: -5n, subject: "ä" },
    tags: ["v1", "v2"],
  }),
);

function problem(bytes: Uint8Array, schema = GraphSummarySchema): string | undefined {
  return wireOffence(schema, bytes)?.problem;
}

test("what a serializer writes passes", () => {
  expect(wireOffence(GraphSummarySchema, whole)).toBeUndefined();
  expect(wireOffence(GraphSummarySchema, new Uint8Array())).toBeUndefined();
});

test("numbers of any size and sign pass", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.string(), (n, text) => {
      const event = create(EventSchema, { timeMs: n, epoch: n, subject: text, source: text });
      expect(wireOffence(EventSchema, toBinary(EventSchema, event))).toBeUndefined();
    }),
  );
});

test("a field that the schema does not know is refused, at any depth", () => {
  const unknown = new BinaryWriter().tag(99, WireType.LengthDelimited).string(canary).finish();
  expect(problem(concat(whole, unknown))).toBe("99 is not in the schema");
  const nested = new BinaryWriter().tag(5, WireType.LengthDelimited).bytes(unknown).finish();
  expect(problem(nested)).toBe("last_commit.99 is not in the schema");
});

test("the same field twice is refused, since a parser forgets the first", () => {
  const slug = new BinaryWriter().tag(1, WireType.LengthDelimited).string(canary).finish();
  expect(problem(concat(slug, whole))).toBe("project_slug comes twice");
  const commit = new BinaryWriter().tag(5, WireType.LengthDelimited).bytes(utf8("")).finish();
  expect(problem(concat(whole, commit))).toBe("last_commit comes twice");
});

test("a sensitive field is found even where a parser would not show it", () => {
  const told = toBinary(PresenceSchema, create(PresenceSchema, { localPath: canary }));
  const taken = new BinaryWriter().tag(7, WireType.LengthDelimited).string("").finish();
  const hidden = concat(told, taken);
  expect(fromBinary(PresenceSchema, hidden).localPath).toBe("");
  expect(wireOffence(PresenceSchema, hidden)?.sensitiveField).toBe("local_path");
  expect(wireOffence(PresenceSchema, taken)?.sensitiveField).toBe("local_path");
});

test("every sensitive field of every family is found by its name", () => {
  const places = sensitivePlaces();
  expect(places.map((place) => `${place.family.type} ${place.name}`)).toContain(
    "graph.summary.nodes last_commit.author",
  );
  for (const place of places) {
    const offence = wireOffence(place.family.schema, payloadWith(place, canary));
    expect(offence?.sensitiveField).toBe(place.name);
  }
});

test("what the hub itself tells is serialized without them", () => {
  for (const place of sensitivePlaces()) {
    const { schema } = place.family;
    const told = fromBinary(schema, payloadWith(place, canary));
    const clean = toBinary(schema, sanitised(schema, told));
    expect(Buffer.from(clean).includes(canary)).toBe(false);
    expect(wireOffence(schema, clean)).toBeUndefined();
  }
  const summary = fromBinary(GraphSummarySchema, whole);
  expect(toBinary(GraphSummarySchema, sanitised(GraphSummarySchema, summary))).toEqual(whole);
});

test("a number with room to spare is refused", () => {
  expect(problem(Uint8Array.of(0x10, 0x83, 0x00))).toBe("a number is longer than it must be");
  expect(problem(Uint8Array.of(0x38, 0x02))).toBe("shallow is out of its range");
  const eleven = new Uint8Array(12).fill(0x80).with(0, 0x10);
  expect(problem(eleven)).toBe("a number does not end");
});

test("text must be UTF-8, and lengths must end", () => {
  expect(problem(Uint8Array.of(0x0a, 0x02, 0xc3, 0x28))).toBe("project_slug is not UTF-8");
  expect(problem(Uint8Array.of(0x0a, 0x05, 0x61))).toBe("it ends too early");
  expect(problem(Uint8Array.of(0x0d, 0, 0, 0, 0))).toBe("project_slug is of another type");
});

test("what passes parses, and holds nothing that the parsed message does not show", () => {
  const payload = toBinary(
    TelemetrySyncSchema,
    create(TelemetrySyncSchema, {
      trustScore: 80,
      priorities: [{ topic: "a", weight: 1, confidence: 0.5 }],
      sanitized: true,
      uptimeMs: 7n,
    }),
  );
  let passed = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(payload.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }),
      (edits) => {
        const bytes = payload.slice();
        for (const [at, byte] of edits) bytes[at] = byte;
        if (wireOffence(TelemetrySyncSchema, bytes) !== undefined) return;
        passed += 1;
        const parsed = fromBinary(TelemetrySyncSchema, bytes);
        // Fields that are set to their defaults are all that a serializer may leave out.
        const again = toBinary(TelemetrySyncSchema, parsed);
        expect(again.length).toBeLessThanOrEqual(bytes.length);
        expect(bytes.length - again.length).toBeLessThanOrEqual(9 * edits.length);
        expect(parsed.$unknown).toBeUndefined();
      },
    ),
    { numRuns: 20_000 },
  );
  expect(passed).toBeGreaterThan(500);
});
