import { create, toBinary } from "@bufbuild/protobuf";
import {
  IntegrationEdge_Kind as Kind,
  IntegrationEdgeSchema,
  PresenceSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import {
  EventSchema,
  type StoredEvent,
  StoredEventSchema,
} from "@foedus/gen/foedus/event/v1/event_pb.js";
import { expect, test } from "vitest";
import { latestWith, nothingLatest } from "./latest.ts";
import { resolveTies } from "./ties.ts";

const members = ["a", "b", "c"].map((id) => ({ id, spiffeId: `spiffe://x/${id}` }));

let cursor = 0n;
function event(id: string, type: string, subject: string, payload: Uint8Array): StoredEvent {
  cursor += 1n;
  const source = `spiffe://x/${id}`;
  const bytes = toBinary(EventSchema, create(EventSchema, { type, source, subject, payload }));
  return create(StoredEventSchema, { cursor, event: bytes });
}

function depends(id: string, toPackage: string, kind: Kind, removed = false) {
  const edge = create(IntegrationEdgeSchema, { fromProject: id, toPackage, kind, removed });
  return event(id, "integration.edge", toPackage, toBinary(IntegrationEdgeSchema, edge));
}

function provides(id: string, ...names: string[]) {
  const presence = create(PresenceSchema, { packages: names.map((name) => ({ name })) });
  return event(id, "hub.presence", "", toBinary(PresenceSchema, presence));
}

function resolve(...events: StoredEvent[]) {
  const { tied } = latestWith(nothingLatest, { case: "listed", events, last: true });
  return resolveTies(members, tied);
}

test("a dependency points at whoever provides the package", () => {
  const { ties } = resolve(provides("b", "@x/kernel"), depends("a", "@x/kernel", Kind.PACKAGE));
  expect(ties).toMatchObject([{ fromId: "a", toId: "b", kind: Kind.PACKAGE, mutual: false }]);
});

test("several packages between two nodes are one tie with several strands", () => {
  const { ties } = resolve(
    provides("b", "one", "two"),
    depends("a", "one", Kind.PACKAGE),
    depends("a", "two", Kind.PACKAGE),
  );
  expect(ties.map((tie) => tie.strands.length)).toEqual([2]);
});

test("a schema that nobody provides ties all who share it", () => {
  const { ties } = resolve(...["a", "b", "c"].map((id) => depends(id, "gen", Kind.SHARED_SCHEMA)));
  expect(ties.map((tie) => `${tie.fromId}${tie.toId}`)).toEqual(["ab", "ac", "bc"]);
  expect(ties.every((tie) => tie.mutual && tie.strands[0]?.edge.toPackage === "gen")).toBe(true);
});

test("what nobody provides nor shares is loose, not invented", () => {
  const { ties, loose } = resolve(depends("a", "react", Kind.PACKAGE));
  expect(ties).toEqual([]);
  expect(loose.map(({ edge }) => edge.toPackage)).toEqual(["react"]);
});

test("a dependency that is gone ties nobody", () => {
  const { ties } = resolve(
    provides("b", "one"),
    depends("a", "one", Kind.PACKAGE),
    depends("a", "one", Kind.PACKAGE, true),
  );
  expect(ties).toEqual([]);
});

test("a package of one's own is no tie", () => {
  const { ties, loose } = resolve(provides("a", "own"), depends("a", "own", Kind.PACKAGE));
  expect([ties, loose]).toEqual([[], []]);
});
