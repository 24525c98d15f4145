import { expect, test } from "vitest";
import { hubClock } from "./clock.ts";

/** A machine whose clocks a test sets. */
function machine(nowMs: number) {
  const hands = { nowMs, monotonicMs: 1_000 };
  const clock = { now: () => hands.nowMs, monotonic: () => hands.monotonicMs };
  const pass = (ms: number) => {
    hands.nowMs += ms;
    hands.monotonicMs += ms;
  };
  return { hands, clock, pass };
}

const dayMs = 86_400_000;
const noonMs = 1_795_262_400_000;

test("before the first measure, what an earlier run measured is the guess", () => {
  const { clock } = machine(noonMs + 3 * dayMs);
  const hub = hubClock(clock, 3 * dayMs);
  expect(hub.now()).toBe(noonMs);
  expect(hub.skewMs()).toBe(3 * dayMs);
  expect(hub.measured).toBe(false);
});

test("a measure counts from the middle of its round trip", () => {
  const { clock, hands, pass } = machine(noonMs - 3 * dayMs);
  const hub = hubClock(clock);
  const askedMs = hands.monotonicMs;
  pass(100);
  hub.learn(noonMs, askedMs, hands.monotonicMs);
  expect(hub.now()).toBe(noonMs + 50);
  pass(1_000);
  expect(hub.now()).toBe(noonMs + 1_050);
  expect(hub.skewMs()).toBe(-3 * dayMs + 50);
});

test("setting the wall clock changes nothing but the skew", () => {
  const { clock, hands } = machine(noonMs);
  const hub = hubClock(clock);
  hub.learn(noonMs, hands.monotonicMs, hands.monotonicMs);
  hands.nowMs += dayMs;
  expect(hub.now()).toBe(noonMs);
  expect(hub.skewMs()).toBe(dayMs);
});

test("a slow answer does not replace a fast one, until the fast one is old", () => {
  const { clock, hands, pass } = machine(noonMs);
  const hub = hubClock(clock);
  hub.learn(noonMs, hands.monotonicMs, hands.monotonicMs);
  pass(200);
  hub.learn(noonMs + 80, hands.monotonicMs - 200, hands.monotonicMs);
  expect(hub.now()).toBe(noonMs + 200);
  pass(61_000);
  hub.learn(noonMs + 61_100, hands.monotonicMs - 200, hands.monotonicMs);
  expect(hub.now()).toBe(noonMs + 61_200);
});

test("after a sleep the monotonic clock stood still, and the first answer tells", () => {
  const { clock, hands, pass } = machine(noonMs);
  const hub = hubClock(clock);
  hub.learn(noonMs, hands.monotonicMs, hands.monotonicMs);
  hands.nowMs += 3 * 3_600_000;
  pass(300);
  hub.learn(noonMs + 3 * 3_600_000, hands.monotonicMs - 300, hands.monotonicMs);
  expect(hub.now()).toBe(noonMs + 3 * 3_600_000 + 150);
});
