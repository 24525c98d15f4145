import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Window } from "./window.ts";
import { admit, windowMax } from "./window.ts";

const stream = "main";

function run(first: number, count = 1, epoch = 1n) {
  return { stream, epoch, first: BigInt(first), count };
}

function reasonOf(act: () => unknown): Reason | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.reason;
    throw error;
  }
}

/** What is stored, told by remembering everything. */
class Model {
  readonly stored = new Set<number>();
  epoch = 0;
  top = 0;

  admit(epoch: number, first: number, count: number): boolean[] | Reason {
    if (epoch < this.epoch) return Reason.EVENT_EPOCH_OLD;
    const top = epoch === this.epoch ? this.top : 0;
    if (first < top - windowMax + 1) return Reason.EVENT_SEQUENCE_OLD;
    if (epoch > this.epoch) this.stored.clear();
    this.epoch = epoch;
    this.top = Math.max(top, first + count - 1);
    return Array.from({ length: count }, (_, at) => {
      const fresh = !this.stored.has(first + at);
      this.stored.add(first + at);
      return fresh;
    });
  }
}

test("in whatever order, the window tells new from known as a full memory would", () => {
  const deliveries = fc.array(
    fc.record({
      epoch: fc.integer({ min: 1, max: 3 }),
      first: fc.oneof(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 900, max: 1_200 }),
        fc.integer({ min: 1, max: 6_000 }),
      ),
      count: fc.integer({ min: 1, max: 256 }),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(deliveries, (list) => {
      const model = new Model();
      let window: Window | undefined;
      for (const { epoch, first, count } of list) {
        const expected = model.admit(epoch, first, count);
        const act = () => admit(window, run(first, count, BigInt(epoch)));
        if (typeof expected === "number") {
          expect(reasonOf(act)).toBe(expected);
        } else {
          const { next, fresh } = act();
          expect(fresh).toEqual(expected);
          window = next;
        }
      }
    }),
    { numRuns: 500 },
  );
});

test("exactly 1,024 back is still told, one more is refused", () => {
  const { next } = admit(undefined, run(5_000));
  expect(admit(next, run(5_000 - windowMax + 1)).fresh).toEqual([true]);
  expect(reasonOf(() => admit(next, run(5_000 - windowMax)))).toBe(Reason.EVENT_SEQUENCE_OLD);
});

test("a batch may mix new and known sequences", () => {
  const { next } = admit(undefined, run(3, 2));
  expect(admit(next, run(1, 6)).fresh).toEqual([true, true, false, false, true, true]);
});

test("a later epoch begins anew, and its forerunner is over", () => {
  const { next } = admit(undefined, run(1, 10));
  const later = admit(next, run(1, 10, 2n));
  expect(later.fresh).toEqual(Array.from({ length: 10 }, () => true));
  expect(reasonOf(() => admit(later.next, run(11)))).toBe(Reason.EVENT_EPOCH_OLD);
});

test("what is known is left as it was", () => {
  const { next } = admit(undefined, run(1, 10));
  const before = next.seen.slice();
  admit(next, run(11, 256));
  expect(next.seen).toEqual(before);
});
