import { expect, test } from "vitest";
import { curveBetween } from "./curve.ts";

const box = { width: 200, height: 100 };

test("a curve bows away from the hub", () => {
  const { middle } = curveBetween({ x: -300, y: -100 }, { x: 300, y: -100 }, box);
  expect(middle.y).toBeLessThan(-100);
  expect(middle.x).toBeCloseTo(0);
});

test("both directions between two nodes bow alike, a shift tells them apart", () => {
  const there = curveBetween({ x: -300, y: -100 }, { x: 300, y: -100 }, box);
  const back = curveBetween({ x: 300, y: -100 }, { x: -300, y: -100 }, box);
  expect(there.middle.y).toBeCloseTo(back.middle.y);
  const shifted = curveBetween({ x: 300, y: -100 }, { x: -300, y: -100 }, box, 0.12);
  expect(shifted.middle.y).toBeLessThan(there.middle.y - 20);
});

test("a curve begins outside the card", () => {
  const { path } = curveBetween({ x: 0, y: 0 }, { x: 600, y: 0 }, { width: 200, height: 4_000 });
  expect(Number(/^M([-\d.]+)/u.exec(path)?.[1])).toBeGreaterThan(100);
});
