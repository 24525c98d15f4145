import fc from "fast-check";
import { expect, test } from "vitest";
import { freshDeficits, nextLane } from "./lanes.ts";

const costMax = 4096;
const costs = fc.array(fc.integer({ min: 1, max: costMax }), { minLength: 400, maxLength: 400 });

/** What each lane got to send while all of them always had something. */
function shares(ready: readonly boolean[], bytes: readonly number[]): number[] {
  const deficits = freshDeficits();
  const sent = [0, 0, 0, 0];
  for (const cost of bytes) {
    const lane = nextLane({ ready, deficits });
    if (lane === undefined) return sent;
    deficits[lane] = (deficits[lane] ?? 0) - cost;
    sent[lane] = (sent[lane] ?? 0) + cost;
  }
  return sent;
}

test("lane 0 is served before all others", () => {
  const [first, ...rest] = shares([true, true, true, true], [10, 20, 30]);
  expect(first).toBe(60);
  expect(rest).toEqual([0, 0, 0]);
});

test("lanes 1, 2 and 3 share by 4 to 2 to 1, and none is starved", () => {
  fc.assert(
    fc.property(costs, (bytes) => {
      const [, one = 0, two = 0, three = 0] = shares([false, true, true, true], bytes);
      const all = one + two + three;
      expect(three).toBeGreaterThan(all / 14);
      expect(one / all).toBeGreaterThan(4 / 7 - 0.1);
      expect(two / all).toBeGreaterThan(2 / 7 - 0.1);
    }),
  );
});

test("a lane alone gets everything; nothing waiting is nobody's turn", () => {
  expect(shares([false, false, false, true], [5, 6])).toEqual([0, 0, 0, 11]);
  expect(nextLane({ ready: [false, false, false, false], deficits: freshDeficits() })).toBe(
    undefined,
  );
});
