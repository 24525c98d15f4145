import { expect, test } from "vitest";
import { curveBetween, pointOn } from "./curve.ts";
import { labelSpots } from "./spots.ts";

const box = { width: 236, height: 124 };
const curve = curveBetween({ x: -600, y: -100 }, { x: 600, y: -100 }, box);

test("a label stands in the middle where that is free", () => {
  expect(labelSpots([curve], [], box)).toEqual([pointOn(curve, 0.5)]);
});

test("a label leaves the card it would cover", () => {
  const [spot] = labelSpots([curve], [pointOn(curve, 0.5)], box);
  expect(spot).not.toEqual(pointOn(curve, 0.5));
});

test("where everything is taken there is no label", () => {
  expect(labelSpots([curve], [pointOn(curve, 0.5)], { width: 2_000, height: 900 })).toEqual([
    undefined,
  ]);
});

test("two labels do not lie on each other", () => {
  const [one, other] = labelSpots([curve, curve], [], box);
  expect(one).not.toEqual(other);
});
