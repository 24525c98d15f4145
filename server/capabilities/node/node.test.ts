import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentitySchema } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import {
  HealthStatus,
  NodeProfileSchema,
  NodeState,
  PlaceSchema,
} from "@foedus/gen/foedus/node/v1/node_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import type { Caller } from "@foedus/kernel/caller.ts";
import { factType } from "@foedus/kernel/change.ts";
import type { Change } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { hubTenant } from "@foedus/kernel/tenant.ts";
import { expect, test } from "vitest";
import { personOf, strangerNode } from "../../../tests/support/joined.ts";
import type { Pulse } from "./liveness.ts";
import { register, retire, retireRevoked, setMaintenance, settle } from "./node.ts";

const nowMs = 1_795_000_000_000;
const terms = { nowMs, heartbeatMs: 5_000, judgedFromMs: 0 };
const identity = create(IdentitySchema, {
  nodeId: "node_a",
  name: "atlas",
  role: Role.MEMBER,
  spiffeId: "spiffe://foedus.local/tenant/main/node/node_a",
});
const profile = create(NodeProfileSchema, { project: "atlas", version: "1" });
const place = create(PlaceSchema, { x: 1, y: 2 });
const registration = { profile, place };
const fresh = register(undefined, identity, registration, nowMs).next;
const heard: Pulse = {
  seenMs: nowMs - 1,
  expireMs: nowMs + 15_000,
  health: HealthStatus.HEALTHY,
  reasons: [],
  skewMs: undefined,
  roundTripUs: undefined,
};
const admin = personOf(Role.ADMIN);
const itself = { ...strangerNode("node_a"), id: identity.spiffeId };
const strangers: [Caller, Reason][] = [
  [strangerNode("node_b"), Reason.NOT_YOURS],
  [{ ...strangerNode("node_b"), role: Role.ADMIN }, Reason.NOT_YOURS],
  [personOf(Role.MEMBER), Reason.NOT_ALLOWED],
  [personOf(Role.OBSERVER), Reason.NOT_ALLOWED],
];

function told({ facts }: Change<unknown>): string[] {
  return facts.map(({ schema }) => factType(schema));
}

function reasonOf(act: () => unknown): Reason | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.reason;
    throw error;
  }
}

test("a node is what identity says it is, and is told of once", () => {
  const first = register(undefined, identity, registration, nowMs);
  expect(first.next).toMatchObject({ id: "node_a", name: "atlas", state: NodeState.OFFLINE });
  expect(told(first)).toEqual(["node.registered"]);
  const seen = { node: first.next, pulse: undefined };
  expect(told(register(seen, identity, registration, nowMs + 1))).toEqual([]);
  const newer = create(NodeProfileSchema, { ...profile, version: "2" });
  const again = register(seen, identity, { profile: newer, place: undefined }, nowMs + 1);
  expect(told(again)).toEqual(["node.registered"]);
  expect(again.next.createTime).toEqual(first.next.createTime);
});

test("a node keeps its place, and one that never had any gets one and is told again", () => {
  const elsewhere = { profile, place: create(PlaceSchema, { x: 9, y: 9 }) };
  const seen = { node: fresh, pulse: undefined };
  expect(register(seen, identity, elsewhere, nowMs)).toEqual({ next: fresh, facts: [] });
  const old = { node: { ...fresh, place: undefined }, pulse: undefined };
  const again = register(old, identity, registration, nowMs);
  expect(again.next.place).toEqual(place);
  expect(told(again)).toEqual(["node.registered"]);
});

test("who is retired or revoked does not register again", () => {
  const { next } = retire(fresh, admin, "old", nowMs);
  const seen = { node: next, pulse: undefined };
  expect(reasonOf(() => register(seen, identity, registration, nowMs))).toBe(Reason.NODE_RETIRED);
  const revoked = { ...identity, revokeTime: timestampFromMs(nowMs), revokeReason: "stolen" };
  expect(reasonOf(() => register(undefined, revoked, registration, nowMs))).toBe(
    Reason.NODE_RETIRED,
  );
});

test("an admin, the node itself and the hub may maintain and retire, nobody else", () => {
  const seen = { node: fresh, pulse: undefined };
  const wish = { on: true, reason: "" };
  for (const caller of [admin, itself, insideCaller("action", hubTenant)]) {
    expect(setMaintenance(seen, caller, wish, terms).next.state).toBe(NodeState.MAINTENANCE);
    expect(retire(fresh, caller, "", nowMs).next.state).toBe(NodeState.RETIRED);
  }
  for (const [caller, reason] of strangers) {
    expect(reasonOf(() => setMaintenance(seen, caller, wish, terms))).toBe(reason);
    expect(reasonOf(() => retire(fresh, caller, "", nowMs))).toBe(reason);
  }
});

test("maintenance begins and ends once, and ends in what the lease says", () => {
  const wish = { on: true, reason: "new disks" };
  const began = setMaintenance({ node: fresh, pulse: heard }, admin, wish, terms);
  expect(began.next).toMatchObject({ stateReasons: ["new disks"] });
  expect(told(began)).toEqual(["node.state_changed"]);
  const seen = { node: began.next, pulse: heard };
  expect(told(setMaintenance(seen, admin, wish, terms))).toEqual([]);
  expect(settle(seen, { ...terms, nowMs: nowMs + 60_000 })).toBeUndefined();
  const off = { on: false, reason: "" };
  expect(setMaintenance(seen, admin, off, terms).next.state).toBe(NodeState.ONLINE);
  const late = { ...terms, nowMs: heard.expireMs };
  expect(setMaintenance(seen, admin, off, late).next.state).toBe(NodeState.OFFLINE);
  const retired = { node: retire(fresh, admin, "", nowMs).next, pulse: heard };
  expect(reasonOf(() => setMaintenance(retired, admin, off, terms))).toBe(Reason.NODE_RETIRED);
});

test("retiring tells identity; a revoked identity is not told of it again", () => {
  const retired = retire(fresh, admin, "sold", nowMs);
  expect(told(retired)).toEqual(["node.retired"]);
  expect(told(retire(retired.next, admin, "again", nowMs))).toEqual([]);
  expect(told(retireRevoked(retired.next, "stolen", nowMs))).toEqual([]);
  const revoked = retireRevoked(fresh, "stolen", nowMs);
  expect(revoked.next).toMatchObject({
    state: NodeState.RETIRED,
    stateReasons: ["revoked: stolen"],
  });
  expect(told(revoked)).toEqual(["node.state_changed"]);
});

test("what time alone changes is told once", () => {
  const online = settle({ node: fresh, pulse: heard }, terms);
  expect(online?.next.state).toBe(NodeState.ONLINE);
  if (online === undefined) return;
  expect(told(online)).toEqual(["node.state_changed"]);
  expect(settle({ node: online.next, pulse: heard }, terms)).toBeUndefined();
  const gone = settle({ node: online.next, pulse: heard }, { ...terms, nowMs: heard.expireMs });
  expect(gone?.next.stateReasons[0]).toMatch(/^no heartbeat since 2026/);
});
