/** A place on the map; the hub is at 0, 0. One unit is one pixel at zoom 1. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle by its middle. */
export interface Box extends Point, Size {}

/** The rectangle around boxes; undefined around none. */
export function boxAround(boxes: Iterable<Box>): Box | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, width, height } of boxes) {
    left = Math.min(left, x - width / 2);
    right = Math.max(right, x + width / 2);
    top = Math.min(top, y - height / 2);
    bottom = Math.max(bottom, y + height / 2);
  }
  if (left > right) return undefined;
  return {
    x: (left + right) / 2,
    y: (top + bottom) / 2,
    width: right - left,
    height: bottom - top,
  };
}

/** Whether a point lies in a box. */
export function isIn({ x, y }: Point, box: Box): boolean {
  return Math.abs(x - box.x) <= box.width / 2 && Math.abs(y - box.y) <= box.height / 2;
}

/** Two sizes at once: so much larger in both directions. */
export function grown(box: Box, factor: number): Box {
  return { ...box, width: box.width * factor, height: box.height * factor };
}
