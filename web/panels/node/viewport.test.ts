import { expect, test } from "vitest";
import { fit, fitMax, reveal, zoomAt, zoomMax } from "./viewport.ts";

const frame = { width: 1_000, height: 700 };

test("everything fits, and a few are only a little larger than life", () => {
  expect(fit({ width: 2_000, height: 400 }, frame).zoom).toBeCloseTo(0.472);
  expect(fit({ width: 100, height: 100 }, frame).zoom).toBe(fitMax);
});

test("the point under the cursor stays where it is", () => {
  const before = { x: 10, y: 20, zoom: 1 };
  const next = zoomAt(before, { x: 110, y: 70 }, 2);
  expect((110 - next.x) / next.zoom).toBeCloseTo(100);
  expect((70 - next.y) / next.zoom).toBeCloseTo(50);
  expect(zoomAt(before, { x: 0, y: 0 }, 1_000).zoom).toBe(zoomMax);
});

test("a focused place is brought into view, one in view moves nothing", () => {
  const still = { x: 0, y: 0, zoom: 1 };
  const room = { width: 200, height: 100 };
  expect(reveal(still, { x: 50, y: 50 }, room, frame)).toEqual(still);
  expect(reveal(still, { x: 900, y: 0 }, room, frame).x).toBeLessThan(-500);
});
