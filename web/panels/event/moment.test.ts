import { expect, test } from "vitest";
import { isAgo, momentIn, momentText, momentWords } from "./moment.ts";

const nowMs = 1_795_259_748_531;

test("a moment is so long ago, a day, or an instant with its zone", () => {
  expect(momentIn("15m", nowMs)).toBe(nowMs - 900_000);
  expect(momentIn("1h30m", nowMs)).toBe(nowMs - 5_400_000);
  expect(momentIn("1970-01-02", nowMs)).toBe(86_400_000);
  expect(momentIn("1970-01-02T01:00+01:00", nowMs)).toBe(86_400_000);
  expect([isAgo("1d"), isAgo("1970-01-02"), isAgo(undefined)]).toEqual([true, false, false]);
});

test("what is no moment is none, whoever wrote it into the address", () => {
  const wrong = ["", "15", "yesterday", "2026-13-45", "2026-11-21T09:30", "-5m", undefined];
  expect(wrong.map((text) => momentIn(text, nowMs))).toEqual(wrong.map(() => undefined));
});

test("an instant comes back from the address as it went in", () => {
  expect(momentIn(momentText(nowMs), 0)).toBe(nowMs);
  expect(momentWords("15m")).toBe("15m");
  expect(momentWords(momentText(nowMs))).toContain("2026");
});
