import fc from "fast-check";
import { expect, test } from "vitest";
import { dateOf, instantOf, utcText } from "../time.ts";
import { readCron } from "./cron.ts";
import { nextMs, nextTimes, timesFrom } from "./cron.next.ts";
import { dateOfDays, daysOf, zoneOf, type Zone } from "./zone.ts";

function times(cron: string, zone: string, after: string, count: number): string[] {
  const found = nextTimes(readCron(cron), zoneOf(zone), instantOf(after), count);
  return found.map((ms) => utcText(ms).slice(0, 16));
}

test("fields take lists, ranges, steps and names", () => {
  const { minutes, hours, months, weekdays } = readCron("5,50-55/2 */8 * jan-mar,dec fri-sun");
  expect(minutes).toEqual([5, 50, 52, 54]);
  expect(hours).toEqual([0, 8, 16]);
  expect([...months]).toEqual([1, 2, 3, 12]);
  expect(weekdays).toEqual(new Set([5, 6, 0]));
  expect(readCron("5/20 * * * *").minutes).toEqual([5, 25, 45]);
  expect([...readCron("* * * * 7").weekdays]).toEqual([0]);
});

test.each([
  ["* * * *", "it has 4 fields"],
  ["60 * * * *", '"60" is no minute'],
  ["* 24 * * *", '"24" is no hour'],
  ["* * 0 * *", '"0" is no day of month'],
  ["* * * 13 *", '"13" is no month'],
  ["* * * * 8", '"8" is no day of week'],
  ["5-1 * * * *", '"5-1" ends before it begins'],
  ["*/0 * * * *", "a step of 0 in the minute"],
  ["a;b * * * *", '"a;b" is no minute'],
])("%s is refused by name", (cron, detail) => {
  expect(() => readCron(cron)).toThrow(detail);
});

test("where both kinds of day are said, either is enough", () => {
  expect(times("0 12 13 * fri", "UTC", "2026-11-07T00:00:00Z", 2)).toEqual([
    "2026-11-13T12:00",
    "2026-11-20T12:00",
  ]);
  expect(times("0 12 13 * *", "UTC", "2026-11-07T00:00:00Z", 1)).toEqual(["2026-11-13T12:00"]);
});

test("a time that clocks skip comes as much later as they skip", () => {
  expect(times("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2)).toEqual([
    "2026-03-29T01:30",
    "2026-03-30T00:30",
  ]);
});

test("a time that clocks show twice comes once", () => {
  expect(times("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2)).toEqual([
    "2026-10-25T00:30",
    "2026-10-26T01:30",
  ]);
});

test("what comes every hour follows the time that passes", () => {
  const fall = times("0 * * * *", "Europe/Berlin", "2026-10-24T23:30:00Z", 4);
  expect(fall.map((time) => time.slice(11))).toEqual(["00:00", "01:00", "02:00", "03:00"]);
  const spring = times("0 * * * *", "Europe/Berlin", "2026-03-28T23:30:00Z", 3);
  expect(spring.map((time) => time.slice(11))).toEqual(["00:00", "01:00", "02:00"]);
});

test("29 February is waited for, 30 February is refused, and so is a zone that is none", () => {
  expect(times("0 0 29 2 *", "UTC", "2096-03-01T00:00:00Z", 1)).toEqual(["2104-02-29T00:00"]);
  expect(() => times("0 0 30 2 *", "UTC", "2026-01-01T00:00:00Z", 1)).toThrow("never comes");
  expect(() => zoneOf("Mars/Olympus")).toThrow("is not a time zone");
});

test("a zone is asked a few times a day, also for each minute and where clocks are set", () => {
  let asked = 0;
  const berlin = zoneOf("Europe/Berlin");
  const counting: Zone = {
    offsetMs(instantMs) {
      asked += 1;
      return berlin.offsetMs(instantMs);
    },
  };
  const costOf = (text: string, after: string, count: number) => {
    asked = 0;
    let found = 0;
    for (const at of timesFrom(readCron(text), counting, instantOf(after))) {
      expect(at).toBeGreaterThan(instantOf(after));
      if (++found === count) break;
    }
    return asked;
  };
  for (const text of ["* * * * *", "*/5 0-23 * * *", "0 12 * * *"]) {
    expect(costOf(text, "2027-01-20T12:00:00Z", 1)).toBeLessThanOrEqual(10);
    // Days around the last Sundays of March and October.
    for (const day of ["2027-03-27", "2027-03-28", "2027-03-29", "2027-10-30", "2027-10-31"]) {
      for (const time of ["00:30", "12:00", "23:30"]) {
        expect(costOf(text, `${day}T${time}:00Z`, 1)).toBeLessThanOrEqual(1_000);
      }
    }
  }
  const weekOfMinutes = 7 * 24 * 60;
  expect(costOf("* * * * *", "2027-03-25T12:00:00Z", weekOfMinutes)).toBeLessThanOrEqual(2_000);
  expect(costOf("* * * * *", "2027-01-20T12:00:00Z", weekOfMinutes)).toBeLessThanOrEqual(20);
});

test("days of the calendar are those of the calendar", () => {
  fc.assert(
    fc.property(fc.integer({ min: -200_000, max: 200_000 }), (days) => {
      const date = dateOf(days * 86_400_000);
      const [month, day] = [date.getUTCMonth() + 1, date.getUTCDate()];
      expect(dateOfDays(days)).toEqual({ month, day, weekday: date.getUTCDay() });
      expect(daysOf(date.getUTCFullYear(), month, day)).toBe(days);
    }),
  );
});

test("times follow each other, each on the clock's face or where it was skipped", () => {
  const zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"];
  const crons = ["*/20 * * * *", "15 1-3 * * *", "0 0 * * sun", "59 23 28-31 * *"];
  const from = instantOf("2026-01-01T00:00:00Z");
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom(...crons),
      fc.nat(365 * 24 * 60),
      (name, text, minute) => {
        const [zone, cron] = [zoneOf(name), readCron(text)];
        const after = from + minute * 60_000;
        const next = nextMs(cron, zone, after);
        expect(next).toBeGreaterThan(after);
        // Whatever lies between comes to the same.
        expect(nextMs(cron, zone, Math.floor((after + next) / 2))).toBe(next);
        const face = dateOf(next + zone.offsetMs(next));
        const isSkip = zone.offsetMs(next - 10_800_000) !== zone.offsetMs(next);
        expect(isSkip || cron.minutes.includes(face.getUTCMinutes())).toBe(true);
        expect(isSkip || cron.hours.includes(face.getUTCHours())).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});
