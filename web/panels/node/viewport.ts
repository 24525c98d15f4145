import type { Point } from "./layout.ts";

/** What part of the map is seen: screen = world x zoom + (x, y), from the middle of the frame. */
export interface Viewport extends Point {
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const zoomMin = 0.2;
export const zoomMax = 2.5;
const margin = 28;

/** A few nodes may be a little larger than life, so that they fill the page. */
export const fitMax = 1.2;

/** Shows all of the bounds, in the middle. */
export function fit(bounds: Size, frame: Size): Viewport {
  const zoom = Math.min(
    fitMax,
    (frame.width - 2 * margin) / bounds.width,
    (frame.height - 2 * margin) / bounds.height,
  );
  return { x: 0, y: 0, zoom: Math.max(zoomMin, zoom) };
}

/** Zooms so that the point under the cursor (from the middle of the frame) stays where it is. */
export function zoomAt({ x, y, zoom }: Viewport, at: Point, factor: number): Viewport {
  const next = Math.min(zoomMax, Math.max(zoomMin, zoom * factor));
  const ratio = next / zoom;
  return { x: at.x - (at.x - x) * ratio, y: at.y - (at.y - y) * ratio, zoom: next };
}

/** Moves by screen pixels. */
export function panBy({ x, y, zoom }: Viewport, byX: number, byY: number): Viewport {
  return { x: x + byX, y: y + byY, zoom };
}

/** Moves just so far that a place, with some room, is inside the frame. */
export function reveal(viewport: Viewport, place: Point, room: Size, frame: Size): Viewport {
  const shift = (center: number, half: number, limit: number) => {
    const reach = limit / 2 - half - margin;
    if (reach <= 0) return -center;
    return Math.min(reach, Math.max(-reach, center)) - center;
  };
  const { zoom } = viewport;
  const screenX = place.x * zoom + viewport.x;
  const screenY = place.y * zoom + viewport.y;
  return panBy(
    viewport,
    shift(screenX, (room.width * zoom) / 2, frame.width),
    shift(screenY, (room.height * zoom) / 2, frame.height),
  );
}
