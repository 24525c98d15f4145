import { expect, test } from "vitest";
import { nearestPlace, nextPlace } from "./roving.ts";

const places = new Map([
  ["hub", { x: 0, y: 0 }],
  ["left", { x: -300, y: -100 }],
  ["right", { x: 300, y: -100 }],
  ["below", { x: 0, y: 230 }],
]);

test("an arrow key goes to the nearest place that way", () => {
  expect(nextPlace(places, "hub", "ArrowDown")).toBe("below");
  expect(nextPlace(places, "left", "ArrowRight")).toBe("hub");
  expect(nextPlace(places, "below", "ArrowUp")).toBe("hub");
});

test("where nothing lies, nothing happens", () => {
  expect(nextPlace(places, "left", "ArrowLeft")).toBeUndefined();
  expect(nextPlace(places, "left", "Enter")).toBeUndefined();
  expect(nextPlace(places, "nobody", "ArrowLeft")).toBeUndefined();
});

test("the nearest place takes over where a mark is gone", () => {
  expect(nearestPlace(places, { x: 250, y: -90 })).toBe("right");
  expect(nearestPlace(new Map(), { x: 0, y: 0 })).toBeUndefined();
});
