import { expect, test } from "vitest";
import { isLively, stretchesMax, stretchMs, type Trace, traced, worstTrace } from "./trace.ts";

/** The trace of values that were told, each after so many stretches. */
function tracedBy(...told: readonly (readonly [stretch: number, value: number])[]): Trace {
  const first: Trace = { stretch: 0, values: [] };
  return told.reduce((trace, [at, value]) => traced(trace, at * stretchMs, value), first);
}

test("within one stretch only the longest wait is kept", () => {
  expect(tracedBy([1, 20], [1, 70], [1, 30]).values).toEqual([70]);
});

test("what nobody told of meanwhile stayed as it was", () => {
  expect(tracedBy([1, 20], [4, 0]).values).toEqual([20, 20, 20, 0]);
});

test("a clock that was set back adds no stretch", () => {
  expect(tracedBy([9, 20], [2, 50]).values).toEqual([50]);
});

test("no more than five minutes are kept, however long nobody told anything", () => {
  const { values } = tracedBy([1, 20], [1_000_000, 7]);
  expect(values).toHaveLength(stretchesMax);
  expect(values.at(-1)).toBe(7);
});

test("of several the longest wait counts, at its own time", () => {
  const one = tracedBy([1, 10], [2, 0], [3, 0]);
  const other = tracedBy([2, 5]);
  expect(worstTrace([one, other])).toEqual([10, 5, 5]);
  expect(worstTrace([])).toEqual([]);
});

test("a trace of zeros has nothing to show", () => {
  expect(isLively(tracedBy([1, 0], [5, 0]))).toBe(false);
  expect(isLively(tracedBy([1, 0], [5, 1]))).toBe(true);
});
