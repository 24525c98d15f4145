import { expect, test } from "vitest";
import { flowAt, flowWith, perMinuteText, stretchesMax } from "./flow.ts";

const told = (submitted: number, completed = submitted) => ({ submitted, completed });

test("what is told first holds for the minutes it is the mean of", () => {
  const { submitted } = flowWith(undefined, 100, told(6));
  expect(submitted).toEqual(Array(stretchesMax).fill(6));
});

test("the newest value of a stretch is its value, and nobody's word holds on", () => {
  const flow = flowWith(flowWith(flowWith(undefined, 100, told(6)), 101, told(7)), 101, told(8));
  expect(flow.submitted.slice(-2)).toEqual([6, 8]);
  expect(flowWith(flow, 104, told(1)).submitted.slice(-5)).toEqual([6, 8, 8, 8, 1]);
});

test("a picture is never longer than its time, however long nobody spoke", () => {
  const flow = flowAt(flowWith(undefined, 100, told(3, 2)), 100_000);
  expect(flow.submitted).toEqual(Array(stretchesMax).fill(3));
  expect(flow.completed).toEqual(Array(stretchesMax).fill(2));
});

test("a clock that was set back changes nothing", () => {
  const flow = flowWith(undefined, 100, told(3));
  expect(flowAt(flow, 90)).toBe(flow);
});

test("a rate is told in few characters, and next to nothing as nothing", () => {
  expect([0, 0.04, 0.2, 9.94, 12.4, 1_234].map(perMinuteText)).toEqual([
    "0",
    "0",
    "0.2",
    "9.9",
    "12",
    "1,234",
  ]);
});
