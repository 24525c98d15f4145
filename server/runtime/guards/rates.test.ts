import { expect, test } from "vitest";
import { fixedWorld } from "../../../tests/support/world.fixed.ts";
import { openRates, rateOf } from "./rates.ts";

const minuteMs = 60_000;

test("of a rate the busiest minute of the last five is told", () => {
  const world = fixedWorld(0);
  const rates = openRates(world);
  const rate = rateOf(100);
  for (let at = 0; at < 30; at += 1) rates.take("control main a", rate);
  world.advance(minuteMs);
  for (let at = 0; at < 7; at += 1) rates.take("control main a", rate);
  expect(rates.busiest(9)).toEqual([{ key: "control main a", used: 30, perMinute: 100 }]);
  world.advance(3 * minuteMs);
  expect(rates.busiest(9)[0]?.used).toBe(30);
  world.advance(minuteMs);
  expect(rates.busiest(9)[0]?.used).toBe(7);
  world.advance(minuteMs);
  expect(rates.busiest(9)).toEqual([]);
  rates.take("control main a", rate);
  expect(rates.busiest(9)[0]?.used).toBe(1);
});

test("whoever used most of its own rate comes first, and only so many are told", () => {
  const rates = openRates(fixedWorld(0));
  const use = (key: string, perMinute: number, times: number) => {
    for (let at = 0; at < times; at += 1) rates.take(key, rateOf(perMinute));
  };
  use("control main much", 1_000, 50);
  use("control main most", 100, 40);
  use("control main least", 1_000, 1);
  expect(rates.busiest(2).map(({ key }) => key)).toEqual([
    "control main most",
    "control main much",
  ]);
});

test("what is refused does not count as used", () => {
  const rates = openRates(fixedWorld(0));
  const rate = { perMinute: 60, burst: 3 };
  for (let at = 0; at < 10; at += 1) rates.take("join hub joiner/a", rate);
  expect(rates.busiest(1)).toEqual([{ key: "join hub joiner/a", used: 3, perMinute: 60 }]);
});
