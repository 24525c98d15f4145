import { expect, test } from "vitest";
import { spanWords } from "./span.ts";

test.each([
  [0, "less than 1 s"],
  [999, "less than 1 s"],
  [1_000, "1 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [200_000, "3 min 20 s"],
  [629_000, "10 min"],
  [3_660_000, "1 h 1 min"],
  [86_400_000, "1 day"],
  [183_600_000, "2 days 3 h"],
  [20 * 86_400_000, "20 days"],
])("%i ms are %s", (ms, words) => {
  expect(spanWords(ms)).toBe(words);
});
