import { expect, test } from "vitest";
import { partOf } from "./part.ts";

test.each([
  [10, { head: 10, horizon: 0 }, 1],
  [5, { head: 10, horizon: 0 }, 0.5],
  [15, { head: 20, horizon: 10 }, 0.5],
])("somebody at %i has their part of what is kept", (seq, status, part) => {
  expect(partOf(seq, status)).toBe(part);
});

test("who stands before what was truncated has nothing of what is kept", () => {
  expect(partOf(3, { head: 20, horizon: 10 })).toBe(0);
});

test("a log that keeps nothing is whole for who stands at its end", () => {
  expect(partOf(0, { head: 0, horizon: 0 })).toBe(1);
  expect(partOf(8, { head: 9, horizon: 9 })).toBe(0);
});

test("who is ahead, for a hub that lost its tail, has it all", () => {
  expect(partOf(12, { head: 10, horizon: 0 })).toBe(1);
});
