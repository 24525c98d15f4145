import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Refusal, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { CollectionSchema } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { expect, test } from "vitest";
import { declare, declaredMax, streamRefusal } from "./declared.ts";

const declared = (init: MessageInitShape<typeof CollectionSchema> = {}) =>
  create(CollectionSchema, { name: "notes", zone: "world", lane: 2, ...init });
const stream = (init: MessageInitShape<typeof StreamSchema> = {}) =>
  create(StreamSchema, { collection: "notes", zone: "world", lane: 2, ...init });

test("what is not declared takes any stream", () => {
  expect(streamRefusal(undefined, stream({ partition: "p", zone: "eu" }))).toBe(
    Refusal.UNSPECIFIED,
  );
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

test("it is told when it changes, however its partitions are ordered", () => {
  const first = declare(undefined, declared({ partitions: ["b", "a"] }), 1);
  expect(first.next.partitions).toEqual(["a", "b"]);
  expect(first.facts).toHaveLength(1);
  expect(declare(first.next, declared({ partitions: ["a", "b"] }), 1).facts).toEqual([]);
  expect(declare(first.next, declared({ partitions: ["a"] }), 1).facts).toHaveLength(1);
});

test("bounds leave something between them", () => {
  expect(declare(undefined, declared({ revisionMin: 3, revisionMax: 3 }), 1).facts).toHaveLength(1);
  expect(() => declare(undefined, declared({ revisionMin: 3, revisionMax: 2 }), 1)).toThrow(
    expect.objectContaining({ reason: Reason.SYNC_DECLARATION_INVALID }),
  );
});

test("a tenant declares so many, and may change each of them", () => {
  expect(declare(undefined, declared(), declaredMax - 1).facts).toHaveLength(1);
  expect(declare(declared(), declared({ lane: 1 }), declaredMax).facts).toHaveLength(1);
  expect(() => declare(undefined, declared(), declaredMax)).toThrow(
    expect.objectContaining({ reason: Reason.SYNC_DECLARATION_INVALID }),
  );
});
