import { expect, test } from "vitest";
import { sparkPoints, sparkText } from "./spark.ts";

test("a line reaches from the lowest at the bottom to the highest at the top", () => {
  expect(sparkPoints([1, 3, 2], 64, 20)).toBe("2.0,18.0 32.0,2.0 62.0,10.0");
});

test("a flat line and a single value run through the middle", () => {
  expect(sparkPoints([5, 5], 64, 20)).toBe("2.0,10.0 62.0,10.0");
  expect(sparkPoints([5], 64, 20)).toBe("2.0,10.0");
});

test("who does not see the line is told where it goes", () => {
  const say = (value: number) => `${value} ms`;
  expect(sparkText([4, 9, 2, 6], say)).toBe("from 4 ms to 6 ms, lowest 2 ms, highest 9 ms");
  expect(sparkText([7, 7], say)).toBe("steady at 7 ms");
  expect(sparkText([], say)).toBe("nothing measured yet");
});
