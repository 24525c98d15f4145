import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import {
  HubStatusSchema,
  LimitUsageSchema,
  UplinkState,
} from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { GetFederationHealthResponseSchema } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { GetNetworkResponseSchema } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import {
  BreakerState,
  LinkSchema,
  PeerSchema,
  PeerState,
} from "@foedus/gen/foedus/link/v1/link_pb.js";
import { TenantSchema, TenantState } from "@foedus/gen/foedus/tenant/v1/tenant_pb.js";
import { expect, test } from "vitest";
import {
  tellCycle,
  tellLimits,
  tellLinks,
  tellNodes,
  tellParent,
  tellPeers,
  tellTenants,
} from "./federation.ts";

const nowMs = Date.UTC(2026, 0, 1);
const minuteMs = 60_000;

test("a node that is offline or cut off is told, and is nothing wrong with the hub", () => {
  const health = { online: 3, offline: 1, quarantined: 1 };
  const told = tellNodes(create(GetFederationHealthResponseSchema, { health }));
  expect(told).toEqual({ detail: "3 online, 1 offline, 1 quarantined" });
});

test("an open breaker is a doubt only while the link lives", () => {
  const link = (nodeName: string, live: boolean) =>
    create(LinkSchema, { nodeName, live, breaker: BreakerState.OPEN });
  expect(tellLinks([link("gone", false)])).toEqual({ detail: "0 of 1 live" });
  expect(tellLinks([link("gone", false), link("web", true)])).toMatchObject({
    detail: "1 of 2 live; the breaker of web is open",
    doubt: { line: "foedus link show web" },
  });
});

test("a peer whose roots were not read, and one that hears nothing, are doubts with their cause", () => {
  const fresh = create(PeerSchema, { trustDomain: "a.test", state: PeerState.TRUSTED });
  expect(tellPeers([])).toEqual({ detail: "none" });
  expect(tellPeers([fresh])).toEqual({ detail: "1 hub, roots fresh" });
  const stale = create(PeerSchema, {
    trustDomain: "b.test",
    state: PeerState.STALE,
    lastError: "nobody answers",
    tellError: "it is full",
  });
  const { detail, doubt } = tellPeers([fresh, stale]);
  expect(detail).toBe(
    "b.test: its roots are a day old, its roots were not read: nobody answers, " +
      "it is not told: it is full",
  );
  expect(doubt).toBeDefined();
});

test("a parent that does not answer is a doubt with what it waits for", () => {
  const told = (uplink?: object) => tellParent(create(HubStatusSchema, { uplink }), nowMs);
  expect(told()).toEqual({ detail: "none" });
  expect(told({ state: UplinkState.CONNECTED, roundTripUs: 2_500n })).toEqual({
    detail: "connected, 2.50 ms away",
  });
  const waits = { waitingFor: "leave to sync", command: "foedus sync grant n --relay" };
  expect(told({ state: UplinkState.CONNECTED, waiting: waits })).toEqual({
    detail: "connected; for leave to sync: foedus sync grant n --relay",
  });
  const sinceMs = BigInt(nowMs - 5 * minuteMs);
  const waiting = { waitingFor: "an answer", sinceMs, command: "foedus hub serve" };
  expect(told({ state: UplinkState.AWAY, waiting })).toMatchObject({
    detail: "away for 5 min: waits for an answer",
    doubt: { fix: "foedus hub serve" },
  });
});

test("a cycle is late once three turns passed without one and the next is due", () => {
  const told = (ageMs: number, nextMs: bigint) => {
    const cycle = { endTime: timestampFromMs(nowMs - ageMs) };
    return tellCycle(create(GetNetworkResponseSchema, { cycle, nextMs }), nowMs);
  };
  expect(told(15 * minuteMs, 0n).doubt).toBeUndefined();
  expect(told(15 * minuteMs + 1, 0n).doubt?.line).toBe("foedus learning run");
  expect(told(60 * minuteMs, 1n).doubt).toBeUndefined();
});

test("a limit that is nearly used up is a doubt with the hub's own advice", () => {
  const limit = { name: "nodes", used: 9n, max: 10n, warning: true, advice: "raise it" };
  const room = create(LimitUsageSchema, { ...limit, warning: false });
  expect(tellLimits({ limits: [room] })).toEqual({ detail: "all 1 have room" });
  expect(tellLimits({ limits: [create(LimitUsageSchema, limit), room] })).toMatchObject({
    detail: "nodes is at 9 of 10",
    doubt: { fix: "raise it" },
  });
});

test("a tenant that is suspended is named", () => {
  const tenant = (name: string, state: TenantState) => create(TenantSchema, { name, state });
  const both = [tenant("main", TenantState.ACTIVE), tenant("acme", TenantState.SUSPENDED)];
  expect(tellTenants(both)).toEqual({ detail: "2 tenants, suspended: acme" });
});
