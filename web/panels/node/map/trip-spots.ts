import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { Point, Size } from "./geometry.ts";
import { markSizes } from "./level.ts";

/** Where on the visible part of a link its figure may stand. */
const tries = [0.45, 0.3, 0.6, 0.75, 0.9];
const hub: Size = { width: 144, height: 80 };
const label: Size = { width: 76, height: 24 };

/** A spot for the figure of each link, on no card and on no other figure; none where none is free. */
export function tripSpots(
  nodes: readonly Node[],
  places: ReadonlyMap<string, Point>,
): ReadonlyMap<string, Point> {
  const spots = new Map<string, Point>();
  const cards = nodes.flatMap(({ id }) => places.get(id) ?? []);
  for (const { id, roundTripUs } of nodes) {
    const place = places.get(id);
    if (place === undefined || roundTripUs === undefined) continue;
    const free = tries
      .map((along) => spotOn(place, along))
      .find(
        (spot) =>
          cards.every((card) => isApart(spot, card, markSizes.card)) &&
          [...spots.values()].every((other) => isApart(spot, other, label)),
      );
    if (free !== undefined) spots.set(id, free);
  }
  return spots;
}

function isApart(spot: Point, other: Point, size: Size): boolean {
  return (
    Math.abs(spot.x - other.x) > (label.width + size.width) / 2 ||
    Math.abs(spot.y - other.y) > (label.height + size.height) / 2
  );
}

/** Between the border of the hub's card and the border of the node's. */
function spotOn({ x, y }: Point, along: number): Point {
  const length = Math.hypot(x, y) || 1;
  const way = { x: x / length, y: y / length };
  const start = reach(way, hub);
  const end = length - reach(way, markSizes.card);
  const at = start + (end - start) * along;
  return { x: way.x * at, y: way.y * at };
}

/** How far it is from the middle of a box to its border, that way. */
function reach(way: Point, { width, height }: Size): number {
  const acrossX = width / 2 / Math.max(Math.abs(way.x), 1e-6);
  const acrossY = height / 2 / Math.max(Math.abs(way.y), 1e-6);
  return Math.min(acrossX, acrossY);
}
