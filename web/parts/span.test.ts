import { expect, test } from "vitest";
import { agoText, sinceText, spanText } from "./span.ts";

test("a span shows the units that matter", () => {
  expect([420, 4_200, 61_000, 3_600_000, 90_000_000].map(spanText)).toEqual([
    "420 ms",
    "4 s",
    "1 min 1 s",
    "1 h",
    "1 d 1 h",
  ]);
});

test("what has lasted no second has only just begun", () => {
  expect([-40, 0, 999, 1_000, 61_000].map((ms) => sinceText(ms, "for"))).toEqual([
    "just now",
    "just now",
    "just now",
    "for 1 s",
    "for 1 min 1 s",
  ]);
  expect(sinceText(2_000)).toBe("2 s");
});

test("the last seconds are just now, the future is told as such", () => {
  expect([1_999, 2_000, 119_000, -5_000].map(agoText)).toEqual([
    "just now",
    "2 s ago",
    "1 min ago",
    "in 5 s",
  ]);
});
