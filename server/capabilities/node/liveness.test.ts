import { HealthStatus, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Pulse, Terms } from "./liveness.ts";
import { derivedState, missedMs, reasonsOf, stateOf } from "./liveness.ts";

const heartbeatMs = 5_000;
const leaseMs = 15_000;
const seenMs = 1_795_000_000_000;

function pulse(rest: Partial<Pulse> = {}): Pulse {
  return {
    seenMs,
    expireMs: seenMs + leaseMs,
    health: HealthStatus.HEALTHY,
    reasons: [],
    skewMs: undefined,
    roundTripUs: undefined,
    ...rest,
  };
}

function after(ms: number, judgedAfterMs = 0): Terms {
  return { nowMs: seenMs + ms, heartbeatMs, judgedFromMs: seenMs + judgedAfterMs };
}

const { ONLINE, DEGRADED, OFFLINE, MAINTENANCE, RETIRED } = NodeState;

test("the lease holds until its last millisecond, and not at its end", () => {
  expect(stateOf(ONLINE, pulse(), after(leaseMs - 1))).toBe(DEGRADED);
  expect(stateOf(ONLINE, pulse(), after(leaseMs))).toBe(OFFLINE);
});

test("a heartbeat that is half an interval late is missed, to the millisecond", () => {
  expect(missedMs(heartbeatMs)).toBe(7_500);
  expect(stateOf(ONLINE, pulse(), after(7_500))).toBe(ONLINE);
  expect(stateOf(ONLINE, pulse(), after(7_501))).toBe(DEGRADED);
});

test("what a node says of its health counts while its lease holds", () => {
  const ill = pulse({ health: HealthStatus.DEGRADED, reasons: ["disk is full"] });
  expect(stateOf(ONLINE, ill, after(1))).toBe(DEGRADED);
  expect(stateOf(ONLINE, ill, after(leaseMs))).toBe(OFFLINE);
  expect(reasonsOf(DEGRADED, ill)).toEqual(["disk is full"]);
});

test("a node that was never heard is offline", () => {
  expect(stateOf(OFFLINE, undefined, after(0))).toBe(OFFLINE);
  expect(reasonsOf(OFFLINE, undefined)).toEqual(["never seen"]);
});

test("maintenance and retirement stay, whatever the lease does", () => {
  fc.assert(
    fc.property(fc.constantFrom(MAINTENANCE, RETIRED), fc.nat(60_000), (was, ms) => {
      expect(stateOf(was, pulse(), after(ms))).toBe(was);
      expect(stateOf(was, undefined, after(ms))).toBe(was);
    }),
  );
});

test("a hub that was away holds silence against nobody before a lease time is over", () => {
  const away = 3_600_000;
  for (const was of [ONLINE, DEGRADED]) {
    expect(stateOf(was, pulse(), after(away, away + leaseMs))).toBe(was);
    expect(stateOf(was, pulse(), after(away + leaseMs - 1, away + leaseMs))).toBe(was);
    expect(stateOf(was, pulse(), after(away + leaseMs, away + leaseMs))).toBe(OFFLINE);
  }
  // Who was offline before stays so, and who comes back is online at once.
  expect(stateOf(OFFLINE, pulse(), after(away, away + leaseMs))).toBe(OFFLINE);
  expect(stateOf(OFFLINE, pulse(), after(1, leaseMs))).toBe(ONLINE);
});

test("after maintenance nothing is excused", () => {
  expect(derivedState(OFFLINE, pulse(), after(leaseMs, leaseMs * 2))).toBe(OFFLINE);
  expect(derivedState(OFFLINE, pulse(), after(1))).toBe(ONLINE);
});

test("the node's own clock plays no part", () => {
  fc.assert(
    fc.property(
      fc.nat(30_000),
      fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }),
      (ms, skewMs) => {
        expect(stateOf(ONLINE, pulse({ skewMs }), after(ms))).toBe(
          stateOf(ONLINE, pulse(), after(ms)),
        );
      },
    ),
  );
});
