import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { sampleNodes } from "./sample.ts";
import { lagOf } from "./trip-labels.tsx";
import { tripSpots } from "./trip-spots.ts";

const [node] = sampleNodes(1);
if (node === undefined) throw new Error("no sample");
const measured = { ...node, roundTripUs: 900n };

test("a figure stands between hub and card, and nowhere where nothing was measured", () => {
  const places = new Map([[node.id, { x: 660, y: 0 }]]);
  const spot = tripSpots([measured], places).get(node.id);
  expect(spot?.x).toBeGreaterThan(72);
  expect(spot?.x).toBeLessThan(660 - 118);
  expect(tripSpots([node], places).size).toBe(0);
});

test("a figure leaves the card that stands before its own", () => {
  const other = { ...measured, id: "other" };
  const places = new Map([
    [node.id, { x: 990, y: 0 }],
    [other.id, { x: 400, y: 0 }],
  ]);
  const spot = tripSpots([measured, other], places).get(node.id);
  expect(Math.abs((spot?.x ?? 400) - 400)).toBeGreaterThan(118);
});

test("silence is told after two heartbeats and a half, and only where a rhythm is known", () => {
  const heard = { ...node, lastSeenTime: timestampFromMs(10_000) };
  expect(lagOf(heard, 4_000, 20_000)).toBeUndefined();
  expect(lagOf(heard, 4_000, 20_001)).toBe(10_001);
  expect(lagOf(heard, undefined, 99_000)).toBeUndefined();
});
