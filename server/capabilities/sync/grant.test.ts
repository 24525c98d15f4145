import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { GrantSchema } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { expect, test } from "vitest";
import { grant, isDefault, zonesOf } from "./grant.ts";

const hub = ["eu", "world"];
const node = { id: "node_1", name: "edge" };

test("who was granted nothing stands where the hub does", () => {
  expect(zonesOf(hub, undefined)).toEqual(hub);
  expect(zonesOf(hub, create(GrantSchema, { relays: true }))).toEqual(hub);
});

test("a grant narrows, and never reaches beyond where the hub stands", () => {
  expect(zonesOf(hub, create(GrantSchema, { zones: ["eu", "us"] }))).toEqual(["eu"]);
  expect(zonesOf(hub, create(GrantSchema, { zones: ["us"] }))).toEqual([]);
});

test("what changes is told once, and the order of zones is none", () => {
  const first = grant(undefined, node, { zones: ["world", "eu"], relays: false }, hub);
  expect(first.next).toMatchObject({ nodeId: "node_1", node: "edge", zones: ["eu", "world"] });
  expect(first.facts).toHaveLength(1);
  const again = grant(first.next, node, { zones: ["eu", "world"], relays: false }, hub);
  expect(again.facts).toEqual([]);
  expect(grant(first.next, node, { zones: [], relays: false }, hub).facts).toHaveLength(1);
  expect(grant(undefined, node, { zones: [], relays: false }, hub).facts).toEqual([]);
});

test("nobody is granted a zone in which the hub does not stand", () => {
  expect(() => grant(undefined, node, { zones: ["eu", "us"], relays: true }, hub)).toThrow(
    expect.objectContaining({ reason: Reason.SYNC_ZONE_ELSEWHERE }),
  );
});

test("what holds for everybody needs not to be kept", () => {
  expect(isDefault(create(GrantSchema, {}))).toBe(true);
  expect(isDefault(create(GrantSchema, { relays: true }))).toBe(false);
  expect(isDefault(create(GrantSchema, { zones: ["eu"] }))).toBe(false);
});
