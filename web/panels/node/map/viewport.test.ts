import { expect, test } from "vitest";
import {
  centredOn,
  centreOf,
  fit,
  fitMax,
  reveal,
  seenIn,
  zoomAt,
  zoomMax,
  zoomMin,
} from "./viewport.ts";

const frame = { width: 1_000, height: 700 };

test("everything fits, and a few are only a little larger than life", () => {
  expect(fit({ x: 0, y: 0, width: 2_000, height: 400 }, frame).zoom).toBeCloseTo(0.472);
  expect(fit({ x: 0, y: 0, width: 100, height: 100 }, frame).zoom).toBe(fitMax);
  expect(fit({ x: 0, y: 0, width: 1e9, height: 1e9 }, frame).zoom).toBe(zoomMin);
});

test("a box beside the hub is shown in the middle", () => {
  const viewport = fit({ x: 4_000, y: -300, width: 800, height: 400 }, frame);
  const centre = centreOf(viewport);
  expect(centre.x).toBeCloseTo(4_000);
  expect(centre.y).toBeCloseTo(-300);
});

test("the point under the cursor stays where it is", () => {
  const before = { x: 10, y: 20, zoom: 1 };
  const next = zoomAt(before, { x: 110, y: 70 }, 2);
  expect((110 - next.x) / next.zoom).toBeCloseTo(100);
  expect((70 - next.y) / next.zoom).toBeCloseTo(50);
  expect(zoomAt(before, { x: 0, y: 0 }, 1_000).zoom).toBe(zoomMax);
  expect(zoomAt(before, { x: 0, y: 0 }, 1e-6).zoom).toBe(zoomMin);
});

test("a focused place is brought into view, one in view moves nothing", () => {
  const still = { x: 0, y: 0, zoom: 1 };
  const room = { width: 200, height: 100 };
  expect(reveal(still, { x: 50, y: 50 }, room, frame)).toEqual(still);
  expect(reveal(still, { x: 900, y: 0 }, room, frame).x).toBeLessThan(-500);
});

test("what is seen is the frame, in the world", () => {
  expect(seenIn(centredOn({ x: 50, y: 60 }, 0.5), frame)).toEqual({
    x: 50,
    y: 60,
    width: 2_000,
    height: 1_400,
  });
});
