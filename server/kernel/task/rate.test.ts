import fc from "fast-check";
import { expect, test } from "vitest";
import { allowance, nextAllowedMs } from "./rate.ts";

const perMinutes = fc.integer({ min: 1, max: 100_000 });
const bursts = fc.integer({ min: 0, max: 100 });
const nowMs = 1_800_000_000_000;

test("at the time that is said one more passes, and a moment before it none", () => {
  fc.assert(
    fc.property(perMinutes, bursts, fc.nat(1_000), (perMinute, burst, wanted) => {
      const rate = { perMinute, burst };
      const { allowed, dueMs } = allowance(rate, 0, wanted, nowMs);
      if (allowed === wanted) return;
      const nextMs = nextAllowedMs(rate, dueMs, nowMs);
      expect(nextMs).toBeGreaterThan(nowMs);
      expect(allowance(rate, dueMs, 1, nextMs).allowed).toBe(1);
      expect(allowance(rate, dueMs, 1, nextMs - 1).allowed).toBe(0);
    }),
  );
});

test("a rate that is set holds nothing back for longer than it would itself", () => {
  const slow = { perMinute: 1, burst: 1_000 };
  const { allowed, dueMs } = allowance(slow, 0, 1_000, nowMs);
  expect(allowed).toBe(1_000);
  const quick = { perMinute: 60, burst: 1 };
  expect(nextAllowedMs(quick, dueMs, nowMs)).toBe(nowMs + 1_000);
  const asked = allowance(quick, dueMs, 5, nowMs);
  expect(asked.allowed).toBe(0);
  expect(allowance(quick, asked.dueMs, 5, nowMs + 999).allowed).toBe(0);
  expect(allowance(quick, asked.dueMs, 5, nowMs + 1_000).allowed).toBe(1);
});
