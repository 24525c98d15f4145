import { create } from "@bufbuild/protobuf";
import type { Place } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { PlaceSchema } from "@foedus/gen/foedus/node/v1/node_pb.js";

/**
 * From one ring to the next: room for a node's card and the ties around it. Neither this nor the
 * order of slots may ever change: nodes keep their slots for good, and nobody is to move.
 */
const stepX = 330;
const stepY = 205;

/** Arms that a ring is filled in at once, so that it is balanced however full it is. */
const arms = 3;

/**
 * The place of a slot. Slots lie on rings of 6, 12, 18 … around the hub, and are numbered from 0 in
 * the order in which they are filled: ring by ring, the first three as a triangle.
 */
export function placeOf(slot: number): Place {
  const ring = ringOf(slot);
  return create(PlaceSchema, spotIn(ring, slot - firstOf(ring)));
}

/** Asks which of some slots are held, again and again, until it knows which one to take. */
export type Search = Generator<readonly number[], number, ReadonlySet<number>>;

/**
 * The slot of a new node. The first of a project takes the first free one, at or after `freeFrom`;
 * a further one the free slot that is nearest to the middle of its siblings, the lower of two.
 */
export function* searchSlot(siblings: readonly number[], freeFrom: number): Search {
  for (const slots of siblings.length === 0 ? upwards(freeFrom) : outwards(siblings)) {
    const held = yield slots;
    const free = slots.find((slot) => !held.has(slot));
    if (free !== undefined) return free;
  }
  throw new Error("the map has no end");
}

const askedFirst = 64;
const askedMax = 1_024;

function* upwards(from: number): Generator<readonly number[], void> {
  for (let [start, count] = [from, askedFirst]; ; count = Math.min(2 * count, askedMax)) {
    yield Array.from({ length: count }, (_, at) => start + at);
    start += count;
  }
}

/** How far from the middle is looked first: some 80 slots; then at as many again, and so on. */
const reachFirst = 4 * stepX;

function* outwards(siblings: readonly number[]): Generator<readonly number[], void> {
  const places = siblings.map(placeOf);
  const middle = {
    x: places.reduce((sum, { x }) => sum + x, 0),
    y: places.reduce((sum, { y }) => sum + y, 0),
    parts: places.length,
  };
  let inner = -1;
  for (let outer = reachFirst ** 2; ; outer *= 2) {
    yield slotsBetween(middle, inner, outer);
    inner = outer;
  }
}

/** The sum of some places, and how many they are: all of it whole numbers, so that ties are ties. */
interface Middle {
  readonly x: number;
  readonly y: number;
  readonly parts: number;
}

/** The slots farther from the middle than `inner` and not than `outer`, both squared; nearest first. */
function slotsBetween(middle: Middle, inner: number, outer: number): number[] {
  const { x, y, parts } = middle;
  const rings = Math.hypot(x / parts / stepX, y / parts / stepY);
  // Places are rounded, so a ring more at either side.
  const reach = Math.sqrt(outer) / Math.min(stepX, stepY) + 1;
  const found: { readonly slot: number; readonly away: number }[] = [];
  for (let ring = Math.max(1, Math.floor(rings - reach)); ring <= rings + reach; ring++) {
    const first = firstOf(ring);
    for (let order = 0; order < 6 * ring; order++) {
      const spot = spotIn(ring, order);
      const away = (parts * spot.x - x) ** 2 + (parts * spot.y - y) ** 2;
      const within = away > inner * parts ** 2 && away <= outer * parts ** 2;
      if (within) found.push({ slot: first + order, away });
    }
  }
  return found
    .toSorted((one, other) => one.away - other.away || one.slot - other.slot)
    .map(({ slot }) => slot);
}

/** The first slot of a ring: 3r(r - 1) lie on the rings before ring r. */
function firstOf(ring: number): number {
  return 3 * ring * (ring - 1);
}

function ringOf(slot: number): number {
  let ring = 1;
  while (firstOf(ring + 1) <= slot) ring += 1;
  return ring;
}

/** A plain one: thousands are looked at for one that is taken. */
function spotIn(ring: number, order: number): { x: number; y: number } {
  const slots = 6 * ring;
  // Half a slot of turn at every other ring: its places stand before the gaps of the one inside.
  const turn = ring % 2 === 0 ? 0 : 0.5;
  const angle = ((stepOf(order, slots) + turn) / slots) * 2 * Math.PI - Math.PI;
  const [x, y] = [Math.cos(angle) * ring * stepX, Math.sin(angle) * ring * stepY];
  return { x: rounded(x), y: rounded(y) };
}

/** Half a pixel goes outwards on both sides, whatever the last digit of a sine is. */
function rounded(value: number): number {
  const size = Math.round(Math.abs(value) + 1e-6);
  return value < 0 && size > 0 ? -size : size;
}

/** How many slots from its beginning a ring's slot lies that is filled as number `order`. */
function stepOf(order: number, slots: number): number {
  const arm = slots / arms;
  const step = Math.floor(order / arms);
  const spread = arm % 2 === 0 ? evenFirst(step, arm) : step;
  return ((order % arms) * arm + spread) % slots;
}

/** 0, 2, 4 … and then 1, 3, 5 …: gaps are filled last. */
function evenFirst(step: number, arm: number): number {
  const evens = arm / 2;
  return step < evens ? step * 2 : (step - evens) * 2 + 1;
}
