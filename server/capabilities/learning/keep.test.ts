import fc from "fast-check";
import { expect, test } from "vitest";
import { forgettable, kept, type Ended } from "./keep.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** Noon, so that an hour before and after are of one day. */
const nowMs = 1_800_014_400_000;

const ago = (ms: number): Ended => ({ id: `cyc_${ms}`, endMs: nowMs - ms });
const goes = (...ages: number[]) => forgettable(ages.map(ago), nowMs).map((id) => id.slice(4));

test("every cycle stays for 24 hours, and a minute later only the last of its hour", () => {
  const edge = dayMs - minuteMs;
  expect(goes(0, edge - 1, edge)).toEqual([]);
  expect(goes(0, dayMs - 1, dayMs)).toEqual([]);
  // At noon a day ago an hour began: what is older by a minute was the last of the hour before.
  expect(goes(0, dayMs, dayMs + minuteMs, dayMs + 2 * minuteMs)).toEqual([
    String(dayMs + 2 * minuteMs),
  ]);
  expect(goes(0, dayMs + hourMs - 2, dayMs + hourMs - 1)).toEqual([String(dayMs + hourMs - 1)]);
});

test("one an hour stays for 30 days, then one a day for 365, and nothing beyond", () => {
  const month = 30 * dayMs;
  expect(goes(0, month - hourMs, month)).toEqual([]);
  expect(goes(0, month, month + 1)).toEqual([String(month + 1)]);
  expect(goes(0, month + 1, month + hourMs + 1)).toEqual([String(month + hourMs + 1)]);
  const year = 365 * dayMs;
  expect(goes(0, year - dayMs, year)).toEqual([]);
  expect(goes(0, year - dayMs, year, year + 1)).toEqual([String(year + 1)]);
});

test("the newest cycle stays, however old it is", () => {
  expect(goes(3 * 365 * dayMs)).toEqual([]);
  expect(goes(3 * 365 * dayMs, 4 * 365 * dayMs)).toEqual([String(4 * 365 * dayMs)]);
});

test("thinned twice is thinned once, and of every hour and day its last cycle stays", () => {
  const ages = fc.uniqueArray(fc.integer({ min: 0, max: 400 * dayMs }), { maxLength: 200 });
  fc.assert(
    fc.property(ages, (all) => {
      const cycles = all.toSorted((a, b) => a - b).map(ago);
      const gone = new Set(forgettable(cycles, nowMs));
      const left = cycles.filter(({ id }) => !gone.has(id));
      expect(forgettable(left, nowMs)).toEqual([]);
      expect(left[0]).toEqual(cycles[0]);
      for (const { id, endMs } of cycles) {
        const step = kept.find(({ upToMs }) => nowMs - endMs <= upToMs);
        if (step === undefined || step.everyMs === 0 || left.some((one) => one.id === id)) continue;
        const span = Math.floor(endMs / step.everyMs);
        const stays = left.filter((one) => Math.floor(one.endMs / step.everyMs) === span);
        expect(stays.some((one) => one.endMs > endMs)).toBe(true);
      }
    }),
  );
});
