import { expect, test } from "vitest";
import { interleave, spreadOf } from "./rounds.ts";

test("the middle of an even number lies between two", () => {
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
  expect(spreadOf([5])).toEqual({ median: 5, min: 5, max: 5 });
  expect(spreadOf([])).toBeUndefined();
  expect(spreadOf([1, undefined])).toBeUndefined();
});

test("subjects take turns, the first round does not count, and ratios are of the same round", async () => {
  const order: string[] = [];
  const subject = (name: string, seconds: number[], cpuUs: number, floor?: string) => ({
    name,
    floor,
    turn: () => {
      order.push(name);
      return Promise.resolve({ operations: 100, seconds: seconds.shift() ?? 0, cpuUs });
    },
  });
  const [, own] = await interleave(
    [subject("floor", [99, 1, 2, 4], 100), subject("own", [99, 2, 2, 2], 300, "floor")],
    3,
  );
  expect(order.join(" ")).toBe("floor own floor own floor own floor own");
  expect(own?.perSecond).toEqual({ median: 50, min: 50, max: 50 });
  expect(own?.cpuUs?.median).toBe(3);
  expect(own?.ratio).toEqual({
    floor: "floor",
    rate: { median: 1, min: 0.5, max: 2 },
    cpu: { median: 3, min: 3, max: 3 },
  });
});
