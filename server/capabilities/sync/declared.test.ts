import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Refusal, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { CollectionSchema } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { expect, test } from "vitest";
import { declare, revisionRefusal, streamRefusal } from "./declared.ts";

const declared = (init: MessageInitShape<typeof CollectionSchema> = {}) =>
  create(CollectionSchema, { name: "notes", zone: "world", lane: 2, ...init });
const stream = (init: MessageInitShape<typeof StreamSchema> = {}) =>
  create(StreamSchema, { collection: "notes", zone: "world", lane: 2, ...init });

test("what is not declared takes any stream and any revision", () => {
  expect(streamRefusal(undefined, stream({ partition: "p", zone: "eu" }))).toBe(
    Refusal.UNSPECIFIED,
  );
  expect(revisionRefusal(undefined, 99)).toBe(Refusal.UNSPECIFIED);
});

test("what is declared takes its partitions, its zone and its lane, and no others", () => {
  const whole = declared();
  const parts = declared({ partitions: ["a", "b"] });
  expect(streamRefusal(whole, stream())).toBe(Refusal.UNSPECIFIED);
  expect(streamRefusal(whole, stream({ partition: "a" }))).toBe(Refusal.NOT_DECLARED);
  expect(streamRefusal(whole, stream({ zone: "eu" }))).toBe(Refusal.NOT_DECLARED);
  expect(streamRefusal(whole, stream({ lane: 1 }))).toBe(Refusal.NOT_DECLARED);
  expect(streamRefusal(parts, stream({ partition: "b" }))).toBe(Refusal.UNSPECIFIED);
  expect(streamRefusal(parts, stream())).toBe(Refusal.NOT_DECLARED);
});

test("revisions are taken from the least to the greatest, both included", () => {
  const bounded = declared({ revisionMin: 2, revisionMax: 4 });
  const taken = [1, 2, 4, 5].map((revision) => Refusal[revisionRefusal(bounded, revision)]);
  expect(taken).toEqual(["SCHEMA", "UNSPECIFIED", "UNSPECIFIED", "SCHEMA"]);
  expect(revisionRefusal(declared({ revisionMin: 2 }), 4_000_000_000)).toBe(Refusal.UNSPECIFIED);
});

test("it is told when it changes, however its partitions are ordered", () => {
  const first = declare(undefined, declared({ partitions: ["b", "a"] }));
  expect(first.next.partitions).toEqual(["a", "b"]);
  expect(first.facts).toHaveLength(1);
  expect(declare(first.next, declared({ partitions: ["a", "b"] })).facts).toEqual([]);
  expect(declare(first.next, declared({ partitions: ["a"] })).facts).toHaveLength(1);
});

test("bounds leave something between them", () => {
  expect(declare(undefined, declared({ revisionMin: 3, revisionMax: 3 })).facts).toHaveLength(1);
  expect(() => declare(undefined, declared({ revisionMin: 3, revisionMax: 2 }))).toThrow(
    expect.objectContaining({ reason: Reason.SYNC_DECLARATION_INVALID }),
  );
});
