import type { Box, Point, Size } from "./geometry.ts";

/** What part of the map is seen: screen = world x zoom + (x, y), from the middle of the frame. */
export interface Viewport extends Point {
  readonly zoom: number;
}

/** Far enough out for ten thousand nodes. */
export const zoomMin = 0.015;
export const zoomMax = 2.5;
/** What one press of a key or button zooms by. */
export const zoomStep = 1.4;
/** Around what is shown. */
export const margin: Size = { width: 28, height: 28 };

/** A few nodes may be a little larger than life, so that they fill the page. */
export const fitMax = 1.2;

/** Shows all of a box, in the middle. */
export function fit(box: Box, frame: Size, around: Size = margin): Viewport {
  const zoom = Math.min(
    fitMax,
    (frame.width - 2 * around.width) / box.width,
    (frame.height - 2 * around.height) / box.height,
  );
  return centredOn(box, Math.max(zoomMin, zoom));
}

/** Shows a place in the middle. */
export function centredOn({ x, y }: Point, zoom: number): Viewport {
  return { x: -x * zoom, y: -y * zoom, zoom };
}

/** The place that is in the middle. */
export function centreOf({ x, y, zoom }: Viewport): Point {
  return { x: -x / zoom, y: -y / zoom };
}

/** The part of the world that a frame shows. */
export function seenIn(viewport: Viewport, frame: Size): Box {
  const { zoom } = viewport;
  return { ...centreOf(viewport), width: frame.width / zoom, height: frame.height / zoom };
}

/** Zooms so that the point under the cursor (from the middle of the frame) stays where it is. */
export function zoomAt({ x, y, zoom }: Viewport, at: Point, factor: number): Viewport {
  const next = Math.min(zoomMax, Math.max(zoomMin, zoom * factor));
  const ratio = next / zoom;
  return { x: at.x - (at.x - x) * ratio, y: at.y - (at.y - y) * ratio, zoom: next };
}

/** Moves by screen pixels. */
function panBy({ x, y, zoom }: Viewport, byX: number, byY: number): Viewport {
  return { x: x + byX, y: y + byY, zoom };
}

/** Moves just so far that a place, with some room on the screen, is inside the frame. */
export function reveal(viewport: Viewport, place: Point, room: Size, frame: Size): Viewport {
  const shift = (center: number, half: number, limit: number) => {
    const reach = limit / 2 - half - margin.width;
    if (reach <= 0) return -center;
    return Math.min(reach, Math.max(-reach, center)) - center;
  };
  const screenX = place.x * viewport.zoom + viewport.x;
  const screenY = place.y * viewport.zoom + viewport.y;
  return panBy(
    viewport,
    shift(screenX, room.width / 2, frame.width),
    shift(screenY, room.height / 2, frame.height),
  );
}
