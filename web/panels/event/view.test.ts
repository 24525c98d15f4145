import { expect, test } from "vitest";
import { cursorIn, depthIn } from "./view.ts";

test("an address somebody wrote by hand does no harm", () => {
  expect(["x", "-1", "0", "1.5", undefined].map(depthIn)).toEqual([
    2_000, 2_000, 2_000, 2_000, 2_000,
  ]);
  expect(depthIn("9".repeat(30))).toBe(1_000_000_000);
  expect(["x", "0", "-4", "9".repeat(19), undefined].map(cursorIn)).toEqual(
    Array.from({ length: 5 }, () => undefined),
  );
  expect(cursorIn("42")).toBe(42n);
});
