import { expect, test } from "vitest";
import { offsetOf } from "./hub-clock.ts";

const noon = Date.UTC(2026, 0, 1, 12);
const header = new Date(noon).toUTCString();

test("clocks that agree to the second have no offset", () => {
  expect(offsetOf(header, noon + 900)).toBe(0);
});

test("a browser three days off is measured, not trusted", () => {
  expect(offsetOf(header, noon - 259_200_000)).toBe(259_200_500);
});

test("an answer without a date teaches nothing", () => {
  expect(offsetOf(null, noon)).toBeUndefined();
  expect(offsetOf("no date", noon)).toBeUndefined();
});
