import { expect, test } from "vitest";
import { agoText, skewText, spanText, tripText } from "./span.ts";

const s = 1_000;
const min = 60 * s;
const h = 60 * min;
const d = 24 * h;

test.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [59 * s, "59 s"],
  [90 * s, "1 min 30 s"],
  [2 * min, "2 min"],
  [3 * h + 5 * min, "3 h 5 min"],
  [2 * d + 3 * h + 59 * min, "2 d 3 h"],
])("%d ms is %s", (ms, text) => {
  expect(spanText(ms)).toBe(text);
});

test.each([
  [0, "just now"],
  [-1_500, "just now"],
  [-5 * s, "5 s ago"],
  [-90 * s, "1 min ago"],
  [-47 * h, "47 h ago"],
  [-3 * d, "3 d ago"],
  [500, "just now"],
  [30 * s, "in 30 s"],
  [15 * min - 1 * s, "in 15 min"],
  [25 * h, "in 25 h"],
])("%d ms from now is %s", (ms, text) => {
  const nowMs = 1_795_259_748_531;
  expect(agoText(nowMs + ms, nowMs)).toBe(text);
});

test("a round trip has the digits that mean something", () => {
  expect([420, 12_345, 123_456].map(tripText)).toEqual(["0.42 ms", "12.3 ms", "123 ms"]);
});

test("a clock is ahead or behind, or neither", () => {
  expect([0, 250, -3 * h].map(skewText)).toEqual(["none", "250 ms ahead", "3 h behind"]);
});
