import { type Curve, pointOn } from "./curve.ts";
import type { Point, Size } from "./geometry.ts";

/** Where a label may stand on its curve: the middle, else a little off it. */
const tries = [0.5, 0.38, 0.62, 0.28, 0.72, 0.2, 0.8];
const label: Size = { width: 104, height: 24 };

/** A spot for each label that lies on no node and on no other label; undefined where there is none. */
export function labelSpots(
  curves: readonly Curve[],
  places: Iterable<Point>,
  mark: Size,
  scale = 1,
): readonly (Point | undefined)[] {
  const own = { width: label.width * scale, height: label.height * scale };
  const taken = Array.from(places, (at) => ({ at, size: mark }));
  const isFree = (spot: Point) =>
    taken.every(
      ({ at, size }) =>
        Math.abs(spot.x - at.x) > (own.width + size.width) / 2 ||
        Math.abs(spot.y - at.y) > (own.height + size.height) / 2,
    );
  return curves.map((curve) => {
    const free = tries.map((part) => pointOn(curve, part)).find(isFree);
    if (free !== undefined) taken.push({ at: free, size: own });
    return free;
  });
}
