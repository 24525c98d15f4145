import { expect, test } from "vitest";
import { bytesText, clip, countText, roundTripText, shortCount, skewText } from "./measure.ts";

test("what was never measured is unknown, not zero", () => {
  expect([countText, shortCount, bytesText].map((text) => text(undefined))).toEqual([
    "unknown",
    "unknown",
    "unknown",
  ]);
  expect([roundTripText(undefined), skewText(undefined)]).toEqual(["unknown", "unknown"]);
  expect(countText(0n)).toBe("0");
});

test("figures keep the digits that matter", () => {
  expect(shortCount(51_234)).toBe("51k");
  expect(bytesText(1_572_864)).toBe("1.5 MiB");
  expect(roundTripText(1_240n)).toBe("1.2 ms");
  expect([skewText(12n), skewText(-3n), skewText(259_200_000n)]).toEqual([
    "+12 ms",
    "−3 ms",
    "+259,200 s",
  ]);
});

test("ten thousand characters are cut", () => {
  expect(clip("x".repeat(10_000), 200)).toHaveLength(201);
});
