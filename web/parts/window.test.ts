import { expect, test } from "vitest";
import { sliceOf } from "./window.ts";

test("ten thousand rows draw only what is in sight", () => {
  const { start, end } = sliceOf(10_000, 36, 36_000, 720);
  expect(start).toBe(988);
  expect(end).toBe(1_032);
  expect(sliceOf(3, 36, 0, 720)).toEqual({ start: 0, end: 3 });
});
