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

/** Nine in all shapes: anyhow, in a few clumps, and in camps with a straggler. */
const shapes = fc.oneof(
  nine,
  fc.array(fc.constantFrom(0, 25, 50, 100), { minLength: 9, maxLength: 9 }),
  fc
    .tuple(fc.integer({ min: 1, max: 8 }), score)
    .map(([camp, odd]) =>
      Array.from({ length: 9 }, (_, at) => (at < camp ? 0 : at < 8 ? 100 : odd)),
    ),
);

test.each([
  // At most two of nine are further than the bound from any place between.
  [6.79, pullMax / 7],
  // At most three are.
  [7.99, 2],
])("when nine deviate by %d at most, no tenth moves it by more than %d", (deviation, most) => {
  fc.assert(
    fc.property(shapes, liar, (scores, lie) => {
      const honest = within(scores, deviation);
      expect(Math.abs(of([...honest, lie]) - of(honest))).toBeLessThanOrEqual(most + 1e-6);
    }),
    { numRuns: 4_000 },
  );
});

test("nobody can promise 2 points for a deviation of 12: which end lies cannot be seen", () => {
  const apart = 4.64;
  const ten = Array.from({ length: 10 }, (_, at) => 40 + at * apart);
  const [low, high] = [ten.slice(0, 9), ten.slice(1)];
  for (const honest of [low, high]) expect(deviationOf(honest)).toBeLessThan(12);
  // The same nine, shifted: whatever moves with its scores is this far apart.
  expect(of(high) - of(low)).toBeCloseTo(apart, 6);
  const moved = [low, high].map((honest) => Math.abs(of(ten) - of(honest)));
  expect(Math.max(...moved)).toBeCloseTo(apart / 2, 6);
});

test("three camps that deviate by 12 are the worst that was found: one more moves it by 4.2", () => {
  const honest = [47.4, 47.5, 47.5, 47.6, 62.6, 63, 74.8, 74.8, 74.8];
  expect(deviationOf(honest)).toBeLessThan(12.03);
  const moved = [0, 100].map((lie) => Math.abs(of([...honest, lie]) - of(honest)));
  expect(Math.max(...moved)).toBeGreaterThan(4);
  expect(Math.max(...moved)).toBeLessThan(4.3);
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
