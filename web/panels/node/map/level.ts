import type { Size } from "./geometry.ts";

/** How much of each node is drawn: the farther away, the less. */
export type Level = "card" | "chip" | "dot" | "cluster";

/** How large a mark is: a card grows with the zoom, the others keep their size on the screen. */
export const markSizes: Readonly<Record<Level, Size>> = {
  card: { width: 236, height: 124 },
  chip: { width: 100, height: 30 },
  dot: { width: 18, height: 18 },
  cluster: { width: 152, height: 60 },
};

/** More real buttons than this make a page slow, and nobody looks at so many one by one. */
export const marksMax = 150;

/** Smaller letters than these cannot be read. */
const cardZoomMin = 0.68;

/** How far neighbours stand apart on the server's rings, at least. */
export const ringStep: Size = { width: 330, height: 205 };

/** What is drawn beyond each border, so that a small move shows nothing unfinished. */
export const overscan = 1.2;

const air = 6;
const chipWidthMax = 176;

/**
 * The level at a zoom: by the zoom alone, and by how many marks a full frame would hold, so that
 * moving the map changes nothing.
 */
export function levelAt(zoom: number, frame: Size, count: number, step: Size): Level {
  if (Math.min(count, capacity(zoom, frame, step)) > marksMax) return "cluster";
  if (zoom >= cardZoomMin) return "card";
  const chips = step.width * zoom >= markSizes.chip.width + air;
  return chips ? "chip" : "dot";
}

/** How many nodes a frame holds where they stand side by side. */
function capacity(zoom: number, { width, height }: Size, step: Size): number {
  const across = Math.ceil((width * overscan) / zoom / step.width);
  const down = Math.ceil((height * overscan) / zoom / step.height);
  return across * down;
}

/** Narrower names say nothing. */
const nameWidthMin = 66;

/** How wide a name under a dot may be on the screen; undefined where there is no room for any. */
export function nameWidthAt(zoom: number, step: Size): number | undefined {
  const room = Math.round(step.width * zoom - air);
  return room < nameWidthMin ? undefined : room;
}

/** How wide a chip is on the screen: as wide as its neighbours let it be. */
export function chipWidthAt(zoom: number, step: Size): number {
  const room = step.width * zoom - air;
  return Math.round(Math.min(chipWidthMax, Math.max(markSizes.chip.width, room)));
}

/** How large a mark is on the screen. */
export function sizeAt(level: Level, zoom: number, step: Size): Size {
  const { width, height } = markSizes[level];
  if (level === "card") return { width: width * zoom, height: height * zoom };
  return { width: level === "chip" ? chipWidthAt(zoom, step) : width, height };
}

/** How large a mark is in the world. */
export function sizeIn(level: Level, zoom: number, step: Size): Size {
  const { width, height } = sizeAt(level, zoom, step);
  return { width: width / zoom, height: height / zoom };
}
