import fc from "fast-check";
import { expect, test } from "vitest";
import { deviationOf, meanOf } from "./aggregate.ts";
import { pullMax, robustMean } from "./robust.ts";

const score = fc.double({ min: 0, max: 100, noNaN: true });
const nine = fc.array(score, { minLength: 9, maxLength: 9 });
const liar = fc.oneof(
  score,
  fc.constantFrom(0, 100),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
);

const of = (scores: readonly number[]) => robustMean(scores) ?? Number.NaN;

/** Nine scores drawn together around their mean until they deviate by no more than `most`. */
function within(scores: readonly number[], most: number): number[] {
  const mean = meanOf(scores) ?? 0;
  const shrink = Math.min(1, most / Math.max(deviationOf(scores) ?? 0, 1e-9));
  return scores.map((one) => mean + (one - mean) * shrink);
}

const near = 10;
const nearMin = 7;

test("of ten nodes in the healthy spread one liar moves it by less than 2, if seven agree", () => {
  fc.assert(
    fc.property(nine, liar, (scores, lie) => {
      const honest = within(scores, 12);
      const truth = of(honest);
      fc.pre(honest.filter((one) => Math.abs(one - truth) <= near).length >= nearMin);
      expect(Math.abs(of([...honest, lie]) - truth)).toBeLessThan(2);
    }),
    { numRuns: 2_000 },
  );
});

const tightMax = 7;

test("when nine deviate by at most 7, no tenth moves it by 2, however they lie", () => {
  const clumped = fc.array(fc.constantFrom(0, 25, 50, 100), { minLength: 9, maxLength: 9 });
  fc.assert(
    fc.property(fc.oneof(nine, clumped), liar, (scores, lie) => {
      const honest = within(scores, tightMax);
      expect(Math.abs(of([...honest, lie]) - of(honest))).toBeLessThan(2);
    }),
    { numRuns: 4_000 },
  );
});

test("what is beyond the bound pulls as if it were at the bound", () => {
  expect(of([90, 90, 90, 90, 90, 90, 90, 90, 90, 0])).toBeCloseTo(90 - pullMax / 9, 6);
  expect(of([90, 90, 90, 90, 90, 90, 90, 90, 90, 78])).toBeCloseTo(88.8, 6);
});

test("two camps of equal size meet in the middle, and nothing has no mean", () => {
  expect(of([0, 0, 100, 100])).toBeCloseTo(50, 6);
  expect(robustMean([])).toBeUndefined();
  expect(of([42])).toBe(42);
});
