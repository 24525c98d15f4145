import { type Curve, pointOn } from "./curve.ts";
import type { Point } from "./layout.ts";

interface Box {
  readonly width: number;
  readonly height: number;
}

/** Where a label may stand on its curve: the middle, else a little off it. */
const tries = [0.5, 0.38, 0.62, 0.28, 0.72, 0.2, 0.8];
const label: Box = { width: 104, height: 24 };

/** A spot for each label that lies on no node and on no other label; undefined where there is none. */
export function labelSpots(
  curves: readonly Curve[],
  places: Iterable<Point>,
  box: Box,
): readonly (Point | undefined)[] {
  const taken: { at: Point; box: Box }[] = Array.from(places, (at) => ({ at, box }));
  return curves.map((curve) => {
    const spots = tries.map((part) => pointOn(curve, part));
    const free = spots.find((spot) => taken.every((other) => isApart(spot, other.at, other.box)));
    if (free !== undefined) taken.push({ at: free, box: label });
    return free;
  });
}

function isApart(spot: Point, other: Point, box: Box): boolean {
  return (
    Math.abs(spot.x - other.x) > (label.width + box.width) / 2 ||
    Math.abs(spot.y - other.y) > (label.height + box.height) / 2
  );
}
