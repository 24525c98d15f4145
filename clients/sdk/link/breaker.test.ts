import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { BreakerState } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { expect, test } from "vitest";
import { Breaker, failuresMax } from "./breaker.ts";
import { Trips } from "./trips.ts";

function setUp() {
  const time = { nowMs: 0 };
  const clock = { now: () => time.nowMs, monotonic: () => time.nowMs };
  const random = { ...realWorld.random, fraction: () => 0.999_999 };
  const breaker = new Breaker({ ...realWorld, clock, random });
  const admit = (connected: boolean) => () => breaker.admit("hub:1", connected);
  const fail = (times: number) => {
    for (let n = 0; n < times; n++) breaker.failed();
  };
  return { time, breaker, admit, fail };
}

function refusalOf(act: () => void): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

test("four failures in a row let calls pass, the fifth does not", () => {
  const { breaker, admit, fail } = setUp();
  fail(failuresMax - 1);
  expect(admit(true)).not.toThrow();
  breaker.succeeded();
  fail(failuresMax - 1);
  expect(breaker.state).toBe(BreakerState.CLOSED);
  fail(1);
  expect(breaker.state).toBe(BreakerState.OPEN);
  expect(breaker).toMatchObject({ opens: 1, failures: 5 });
  expect(refusalOf(admit(true))).toMatchObject({
    reason: Reason.HUB_UNREACHABLE,
    facts: { address: "hub:1", retry_ms: "1000" },
  });
});

test("one call tries after the wait, the others still fail at once", () => {
  const { time, breaker, admit, fail } = setUp();
  fail(failuresMax);
  time.nowMs = 999;
  expect(admit(true)).toThrow("5 tries in a row failed; the next is in 1 ms");
  time.nowMs = 1_000;
  expect(admit(true)).not.toThrow();
  expect(breaker.state).toBe(BreakerState.HALF_OPEN);
  expect(admit(true)).toThrow("tries in a row failed");
  breaker.succeeded();
  expect(admit(true)).not.toThrow();
  expect(breaker.failures).toBe(0);
});

test("a try that fails waits twice as long, and is no further opening", () => {
  const { time, breaker, admit, fail } = setUp();
  fail(failuresMax);
  time.nowMs = 1_000;
  breaker.admit("hub:1", true);
  breaker.failed();
  expect(breaker).toMatchObject({ opens: 1, state: BreakerState.OPEN });
  expect(admit(true)).toThrow("the next is in 2000 ms");
});

test("a try that was given up leaves the next one free to try", () => {
  const { time, breaker, admit, fail } = setUp();
  fail(failuresMax);
  time.nowMs = 1_000;
  breaker.admit("hub:1", true);
  breaker.abandoned();
  expect(breaker.state).toBe(BreakerState.OPEN);
  expect(admit(true)).not.toThrow();
});

test("without a connection no call tries: that is the link's to do, and says when", () => {
  const { time, breaker, admit } = setUp();
  for (let n = 0; n < failuresMax; n++) breaker.failed(7_000);
  expect(admit(false)).toThrow("the next is in 7000 ms");
  breaker.failed(9_000);
  expect(admit(false)).toThrow("the next is in 9000 ms");
  time.nowMs = 60_000;
  expect(admit(false)).toThrow("the next is in 0 ms");
  breaker.trying();
  expect(breaker.state).toBe(BreakerState.HALF_OPEN);
  breaker.succeeded();
  expect(admit(false)).not.toThrow();
});

test("mean and trend are of the last 64 round trips, and no trend is told of seven", () => {
  const trips = new Trips();
  expect(trips.meanMs).toBeUndefined();
  for (let n = 0; n < 7; n++) trips.add(10);
  expect(trips).toMatchObject({ newestMs: 10, meanMs: 10, trendMs: undefined });
  trips.add(10);
  expect(trips.trendMs).toBe(0);
  for (let n = 0; n < 32; n++) trips.add(20);
  for (let n = 0; n < 32; n++) trips.add(26);
  expect(trips).toMatchObject({ newestMs: 26, meanMs: 23, trendMs: 6 });
});
