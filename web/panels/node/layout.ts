/** A place on the map; the hub is at 0, 0. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How much of each node is drawn: the more there are, the less of each. */
export type Detail = "card" | "label" | "dot";

/** The measures of one level of detail, in pixels at zoom 1. */
export interface Measures {
  readonly width: number;
  readonly height: number;
  /** From one ring to the next. */
  readonly stepX: number;
  readonly stepY: number;
  /** Rings the hub itself takes up, as a fraction of a step. */
  readonly core: number;
  /** Whether the places of every other ring stand before the gaps of the ring inside. */
  readonly staggered: boolean;
}

const cardsMax = 18;
const labelsMax = 60;

/** The level of detail for so many nodes. */
export function detailFor(count: number): Detail {
  if (count <= cardsMax) return "card";
  return count <= labelsMax ? "label" : "dot";
}

/** The measures of each level. */
export const measures: Readonly<Record<Detail, Measures>> = {
  card: { width: 236, height: 124, stepX: 330, stepY: 205, core: 0, staggered: true },
  label: { width: 116, height: 52, stepX: 132, stepY: 72, core: 0.55, staggered: false },
  dot: { width: 14, height: 14, stepX: 24, stepY: 24, core: 3, staggered: false },
};

/**
 * Puts nodes on rings of 6, 12, 18 … places. The place depends on the order alone, and ids sort by
 * time of joining: whoever joins gets the next place, and nobody moves.
 */
export function placeNodes(ids: readonly string[], detail: Detail): ReadonlyMap<string, Point> {
  const ordered = ids.toSorted();
  return new Map(ordered.map((id, index) => [id, placeOf(index, measures[detail])]));
}

/** The place of the node that joined as number `index`, from 0. */
export function placeOf(index: number, { stepX, stepY, core, staggered }: Measures): Point {
  const ring = ringOf(index);
  const slots = 6 * ring;
  const slot = slotOf(index - 3 * ring * (ring - 1), slots);
  // Half a slot of turn: the first three stand as a triangle on its tip.
  const turn = staggered && ring % 2 === 0 ? 0 : 0.5;
  const angle = ((slot + turn) / slots) * 2 * Math.PI - Math.PI;
  const radius = ring + core;
  return { x: Math.cos(angle) * radius * stepX, y: Math.sin(angle) * radius * stepY };
}

/** The ring that holds the index: 3r(r - 1) places lie on the rings before ring r. */
function ringOf(index: number): number {
  let ring = 1;
  while (3 * ring * (ring + 1) <= index) ring += 1;
  return ring;
}

/** Fills a ring in three arms at once, so that it is balanced however full it is. */
function slotOf(order: number, slots: number): number {
  const arm = slots / 3;
  const step = Math.floor(order / 3);
  const spread = arm % 2 === 0 ? evenFirst(step, arm) : step;
  return ((order % 3) * arm + spread) % slots;
}

/** 0, 2, 4 … and then 1, 3, 5 …: gaps are filled last. */
function evenFirst(step: number, arm: number): number {
  const evens = arm / 2;
  return step < evens ? step * 2 : (step - evens) * 2 + 1;
}

/** Room for a tie's curve and the label that stands on it. */
const tieWidth = 120;
const tieHeight = 40;

/** The rectangle around the hub, all places, and the points that ties run through. */
export function boundsOf(
  places: Iterable<Point>,
  { width, height }: Measures,
  ties: Iterable<Point> = [],
) {
  let reachX = 130;
  let reachY = 80;
  for (const { x, y } of places) {
    reachX = Math.max(reachX, Math.abs(x) + width / 2);
    reachY = Math.max(reachY, Math.abs(y) + height / 2);
  }
  for (const { x, y } of ties) {
    reachX = Math.max(reachX, Math.abs(x) + tieWidth / 2);
    reachY = Math.max(reachY, Math.abs(y) + tieHeight / 2);
  }
  return { width: 2 * reachX, height: 2 * reachY };
}
