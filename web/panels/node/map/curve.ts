import type { Point, Size } from "./geometry.ts";

/** A quadratic curve, cut where the boxes at its ends begin. */
export interface Curve {
  readonly start: Point;
  readonly control: Point;
  readonly end: Point;
}

/** How far a curve bows away from the hub, as a part of its length. */
const bow = 0.16;
const air = 5;

/** A curve between two places that bows away from the hub at 0, 0. */
export function curveBetween(from: Point, to: Point, mark: Size, shift = 0): Curve {
  const control = controlOf(from, to, shift);
  const start = edgeOf(from, control, mark);
  const end = edgeOf(to, control, mark);
  return { start, control, end };
}

/** The point of a curve at a part of its way, from 0 to 1. */
export function pointOn({ start, control, end }: Curve, part: number): Point {
  const rest = 1 - part;
  const mix = (from: number, over: number, to: number) =>
    rest * rest * from + 2 * rest * part * over + part * part * to;
  return { x: mix(start.x, control.x, end.x), y: mix(start.y, control.y, end.y) };
}

function controlOf(from: Point, to: Point, shift: number): Point {
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const x = to.x - from.x;
  const y = to.y - from.y;
  const length = Math.hypot(x, y) || 1;
  // The normal that points away from the hub; for a line through the hub either will do.
  const normal = { x: -y / length, y: x / length };
  const sign = normal.x * middle.x + normal.y * middle.y >= 0 ? 1 : -1;
  const reach = sign * length * (bow + shift) * 2;
  return { x: middle.x + normal.x * reach, y: middle.y + normal.y * reach };
}

/** Where the way from the middle of a box to a point leaves the box. */
function edgeOf(center: Point, toward: Point, { width, height }: Size): Point {
  const x = toward.x - center.x;
  const y = toward.y - center.y;
  if (x === 0 && y === 0) return center;
  const scale = Math.min(
    (width / 2 + air) / Math.max(Math.abs(x), 1e-6),
    (height / 2 + air) / Math.max(Math.abs(y), 1e-6),
    1,
  );
  return { x: center.x + x * scale, y: center.y + y * scale };
}
