import { expect, test } from "vitest";
import { chipWidthAt, type Level, levelAt, marksMax, ringStep, sizeAt, sizeIn } from "./level.ts";

const frame = { width: 1_230, height: 780 };
const levels = (count: number, zooms: readonly number[]) =>
  zooms.map((zoom) => levelAt(zoom, frame, count, ringStep));

test("the farther away, the less of each", () => {
  expect(levels(20, [1.2, 0.68, 0.67, 0.33, 0.32, 0.1])).toEqual([
    "card",
    "card",
    "chip",
    "chip",
    "dot",
    "dot",
  ] satisfies Level[]);
});

test(`up to ${marksMax} each has a mark of its own, one more and they are gathered`, () => {
  expect(levels(marksMax, [0.2])).toEqual(["dot"]);
  expect(levels(marksMax + 1, [0.2])).toEqual(["cluster"]);
});

test("near enough, a few of very many have marks of their own", () => {
  expect(levels(5_000, [1, 0.5, 0.3])).toEqual(["card", "chip", "cluster"]);
});

test("a chip is never wider than the room between neighbours, nor than it needs", () => {
  for (const zoom of [0.4, 0.5, 0.65]) {
    expect(chipWidthAt(zoom, ringStep)).toBeLessThan(ringStep.width * zoom);
  }
  expect(chipWidthAt(2, ringStep)).toBe(176);
});

test("a card grows with the zoom, a dot keeps its size", () => {
  expect(sizeAt("card", 2, ringStep).width).toBe(472);
  expect(sizeIn("card", 2, ringStep).width).toBe(236);
  expect(sizeAt("dot", 0.1, ringStep).width).toBe(18);
  expect(sizeIn("dot", 0.1, ringStep).width).toBe(180);
});
