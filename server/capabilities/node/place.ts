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

/** The first free slot; all before `freeFrom` are held. */
export function* firstFree(freeFrom: number): Search {
  return yield* searchAmong(upwards(freeFrom));
}

/** The free slot nearest to the middle of a node's siblings, by steps; of two the lower one. */
export function* freeBeside(siblings: readonly number[], freeFrom: number): Search {
  return yield* searchAmong(outwards(middleOf(siblings.map(placeOf)), freeFrom));
}

function* searchAmong(parts: Iterable<readonly number[]>): Search {
  for (const slots of parts) {
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

/** How many steps beyond the first ring with room are looked at first, and twice as many next. */
const reachFirst = 3;

function* outwards(middle: Middle, freeFrom: number): Generator<readonly number[], void> {
  const room = Math.max(0, ringOf(freeFrom) - middle.rings);
  let inner = -1;
  for (let more = reachFirst; ; more *= 2) {
    const outer = room + more;
    yield slotsBetween(middle, { inner, outer }, freeFrom);
    inner = outer;
  }
}

/** The middle of some places. */
interface Middle {
  /** The sums over the places, and how many they are: whole numbers, so that ties are ties. */
  readonly x: number;
  readonly y: number;
  readonly parts: number;
  /** How many steps it is away from the hub. */
  readonly rings: number;
}

function middleOf(places: readonly Place[]): Middle {
  const x = places.reduce((sum, place) => sum + place.x, 0);
  const y = places.reduce((sum, place) => sum + place.y, 0);
  const parts = places.length;
  return { x, y, parts, rings: Math.hypot(x / stepX, y / stepY) / parts };
}

/** Slots from `freeFrom` on, farther from the middle than so many steps and not than so many. */
function slotsBetween(
  { x, y, parts, rings }: Middle,
  { inner, outer }: { readonly inner: number; readonly outer: number },
  freeFrom: number,
): number[] {
  const step = parts * stepX * stepY;
  const [above, upTo] = [Math.sign(inner) * (inner * step) ** 2, (outer * step) ** 2];
  const found: { readonly slot: number; readonly away: number }[] = [];
  // Places are rounded, so a ring more at either side.
  const first = Math.max(ringOf(freeFrom), Math.floor(rings - outer) - 1);
  for (let ring = first; ring <= rings + outer + 1; ring++) {
    for (let order = 0; order < 6 * ring; order++) {
      const spot = spotIn(ring, order);
      const away = ((parts * spot.x - x) * stepY) ** 2 + ((parts * spot.y - y) * stepX) ** 2;
      const slot = firstOf(ring) + order;
      if (away > above && away <= upTo && slot >= freeFrom) found.push({ slot, away });
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
