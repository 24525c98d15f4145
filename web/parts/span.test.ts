import { expect, test } from "vitest";
import { agoText, spanText } from "./span.ts";

test("a span shows the units that matter", () => {
  expect([420, 4_200, 61_000, 3_600_000, 90_000_000].map(spanText)).toEqual([
    "420 ms",
    "4 s",
    "1 min 1 s",
    "1 h",
    "1 d 1 h",
  ]);
});

test("the last seconds are just now, the future is told as such", () => {
  expect([1_999, 2_000, 119_000, -5_000].map(agoText)).toEqual([
    "just now",
    "2 s ago",
    "1 min ago",
    "in 5 s",
  ]);
});
