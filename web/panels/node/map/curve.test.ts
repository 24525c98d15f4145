import { expect, test } from "vitest";
import { curveBetween, pointOn } from "./curve.ts";

const box = { width: 200, height: 100 };

test("a curve bows away from the hub", () => {
  const middle = pointOn(curveBetween({ x: -300, y: -100 }, { x: 300, y: -100 }, box), 0.5);
  expect(middle.y).toBeLessThan(-100);
  expect(middle.x).toBeCloseTo(0);
});

test("both directions between two nodes bow alike, a shift tells them apart", () => {
  const there = curveBetween({ x: -300, y: -100 }, { x: 300, y: -100 }, box);
  const back = curveBetween({ x: 300, y: -100 }, { x: -300, y: -100 }, box);
  expect(pointOn(there, 0.5).y).toBeCloseTo(pointOn(back, 0.5).y);
  const shifted = curveBetween({ x: 300, y: -100 }, { x: -300, y: -100 }, box, 0.12);
  expect(pointOn(shifted, 0.5).y).toBeLessThan(pointOn(there, 0.5).y - 20);
});

test("a curve begins outside the card", () => {
  const { start } = curveBetween({ x: 0, y: 0 }, { x: 600, y: 0 }, { width: 200, height: 4_000 });
  expect(start.x).toBeGreaterThan(100);
});
