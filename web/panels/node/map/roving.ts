import type { Point } from "./geometry.ts";

/** The arrow keys, as directions on the map. */
const directions: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** How much worse it is to be off the way than far along it. */
const asideWeight = 2;

/** The place an arrow key leads to: the nearest in that direction; undefined when none lies there. */
export function nextPlace(
  places: ReadonlyMap<string, Point>,
  fromId: string,
  key: string,
): string | undefined {
  const way = directions[key];
  const from = places.get(fromId);
  if (way === undefined || from === undefined) return undefined;
  let best: string | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const [id, place] of places) {
    const x = place.x - from.x;
    const y = place.y - from.y;
    const along = x * way.x + y * way.y;
    const aside = Math.abs(x * way.y) + Math.abs(y * way.x);
    const cost = along + aside * asideWeight;
    if (id === fromId || along <= 0.5 || cost >= bestCost) continue;
    best = id;
    bestCost = cost;
  }
  return best;
}

/** The place that is nearest to another; undefined where there is none. */
export function nearestPlace(
  places: ReadonlyMap<string, Point>,
  { x, y }: Point,
): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const [id, place] of places) {
    const distance = Math.hypot(place.x - x, place.y - y);
    if (distance < bestDistance) [best, bestDistance] = [id, distance];
  }
  return best;
}
