import { expect, test } from "vitest";
import { scrollAfter, sliceOf } from "./window.ts";

test("ten thousand rows draw only what is in sight", () => {
  const { start, end } = sliceOf(10_000, 36, 36_000, 720);
  expect(start).toBe(988);
  expect(end).toBe(1_032);
  expect(sliceOf(3, 36, 0, 720)).toEqual({ start: 0, end: 3 });
});

test("rows that come in above do not move what is read", () => {
  expect(scrollAfter(360, 2, 36)).toBe(432);
  expect(scrollAfter(0, 2, 36)).toBe(0);
});
