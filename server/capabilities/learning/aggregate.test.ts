import { NetworkHealth } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { deviationOf, healthOf, medianOf } from "./aggregate.ts";

const { HEALTHY, DEGRADED, CRITICAL, UNSPECIFIED } = NetworkHealth;

test.each([
  [80, 12, HEALTHY],
  [79.999, 12, DEGRADED],
  [80, 12.001, DEGRADED],
  [60, 20, DEGRADED],
  [59.999, 20, CRITICAL],
  [60, 20.001, CRITICAL],
  [100, 20.001, CRITICAL],
  [100, 0, HEALTHY],
])("mean %d with deviation %d is health %d", (mean, deviation, health) => {
  expect(healthOf(mean, deviation)).toBe(health);
});

test("a network without scores is of unknown health", () => {
  expect(healthOf(undefined, undefined)).toBe(UNSPECIFIED);
});

test("the deviation is that of the population", () => {
  expect(deviationOf([2, 4, 4, 4, 5, 5, 7, 9])).toBe(2);
  expect(deviationOf([])).toBeUndefined();
});

test("as many lie below the median as above", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1 }), (values) => {
      const median = medianOf(values.toSorted((a, b) => a - b)) ?? Number.NaN;
      const below = values.filter((value) => value < median).length;
      const above = values.filter((value) => value > median).length;
      expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
    }),
  );
});
