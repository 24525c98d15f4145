import { create } from "@bufbuild/protobuf";
import { StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { expect, test } from "vitest";
import { streamIn, streamKey, streamName } from "./stream-key.ts";

const notes = create(StreamSchema, { collection: "notes", zone: "world", lane: 2 });
const part = create(StreamSchema, { ...notes, partition: "eu.west-1" });

test.each([
  [notes, "notes"],
  [part, "notes/eu.west-1"],
  [{ ...notes, zone: "eu" }, "notes@eu"],
  [{ ...part, zone: "eu", lane: 0 }, "notes/eu.west-1@eu:0"],
])("a stream is written as the command line has it, and read back", (stream, key) => {
  expect(streamKey(stream)).toBe(key);
  expect(streamIn(key)).toEqual(stream);
});

test.each([undefined, "", "Notes", "notes/", "notes@", "notes:4", "notes:22", "a/b/c", "a@b/c"])(
  "an address that names no stream is as if it named none: %s",
  (key) => expect(streamIn(key)).toBe(undefined),
);

test("a part of a collection is called by both", () => {
  expect(streamName(notes)).toBe("notes");
  expect(streamName(part)).toBe("notes / eu.west-1");
});
