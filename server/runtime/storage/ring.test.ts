import fc from "fast-check";
import { expect, test } from "vitest";
import type { LogEntry } from "./log.ts";
import { Ring } from "./ring.ts";

function entriesFrom(first: bigint, count: number, bytes = 1): LogEntry[] {
  return Array.from({ length: count }, (_, at) => ({
    seq: first + BigInt(at),
    storedMs: 0n,
    kind: "k",
    source: "",
    subject: "",
    body: new Uint8Array(bytes),
  }));
}

const push = fc.record({
  count: fc.integer({ min: 0, max: 900 }),
  /** Entries that were dropped before they were read. */
  missing: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 })),
  bytes: fc.constantFrom(1, 10_000),
});

test("what a ring says it covers, it has: every entry after the cursor, in order", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 5n }),
      fc.array(push, { maxLength: 12 }),
      (start, pushes) => {
        const ring = new Ring(start);
        let all: LogEntry[] = [];
        let last = start;
        for (const { count, missing, bytes } of pushes) {
          const entries = entriesFrom(last + BigInt(missing) + 1n, count, bytes);
          if (missing > 0 || count === 0) all = [];
          all = [...all, ...entries];
          last += BigInt(count + missing);
          ring.push(entries, last);
          expect(ring.last).toBe(last);
          for (const back of [0n, 1n, 7n, 500n, 3_000n]) {
            const cursor = last > back ? last - back : 0n;
            if (!ring.covers(cursor)) continue;
            const wanted = all.filter(({ seq }) => seq > cursor);
            expect(ring.after(cursor, 100)).toEqual(wanted.slice(0, 100));
            expect(wanted).toHaveLength(Number(last - cursor));
          }
        }
      },
    ),
  );
});

test("a ring holds so many entries and so many bytes, and lets go of the oldest", () => {
  const many = new Ring(0n);
  many.push(entriesFrom(1n, 3_000), 3_000n);
  expect(many.covers(3_000n - 2_048n)).toBe(true);
  expect(many.covers(3_000n - 2_049n)).toBe(false);
  const heavy = new Ring(0n);
  heavy.push(entriesFrom(1n, 10, 1_048_576), 10n);
  expect(heavy.covers(6n)).toBe(true);
  expect(heavy.covers(5n)).toBe(false);
});

test("what lies ahead of the end is covered, and empty", () => {
  const ring = new Ring(5n);
  expect(ring.covers(9n)).toBe(true);
  expect(ring.after(9n, 10)).toEqual([]);
  expect(ring.covers(4n)).toBe(false);
});
