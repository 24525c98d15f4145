import { create } from "@bufbuild/protobuf";
import { StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseStream, streamText } from "./stream.ts";

const name = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,63}$/u);
const partition = fc.oneof(fc.constant(""), fc.stringMatching(/^[a-z0-9][a-z0-9_.-]{0,63}$/u));
const lane = fc.integer({ min: 0, max: 3 });

test("a stream that is written and read is the same", () => {
  const streams = fc.record({ collection: name, partition, zone: name, lane });
  fc.assert(
    fc.property(streams, (init) => {
      const stream = create(StreamSchema, init);
      expect(parseStream(streamText(stream))).toEqual(stream);
    }),
  );
});

test("what is usual is left out, and meant when it is", () => {
  expect(parseStream("notes")).toMatchObject({ partition: "", zone: "world", lane: 2 });
  expect(parseStream("notes/p.1@eu:0")).toMatchObject({ partition: "p.1", zone: "eu", lane: 0 });
  expect(streamText(create(StreamSchema, { collection: "notes", zone: "world", lane: 2 }))).toBe(
    "notes",
  );
  const whole = { collection: "notes", partition: "p.1", zone: "eu", lane: 0 };
  expect(streamText(create(StreamSchema, whole))).toBe("notes/p.1@eu:0");
});

test.each([
  "",
  "Notes",
  "notes/",
  "notes@",
  "notes:4",
  "notes:",
  "notes:22",
  "a/b/c",
  "notes@eu/p",
])("%j is no stream", (text) => expect(parseStream(text)).toBeUndefined());

test("a name has at most 64 letters", () => {
  expect(parseStream("a".repeat(64))).toBeDefined();
  expect(parseStream("a".repeat(65))).toBeUndefined();
});
