import fc from "fast-check";
import { expect, test } from "vitest";
import { firstFree, freeBeside, placeOf } from "./place.ts";

const card = { width: 236, height: 124 };
const siblingsMax = 64;

/** A map in memory: who holds which slot, and the slots of each project in order of coming. */
function openMap() {
  const held = new Set<number>();
  const projects = new Map<string, number[]>();
  let freeFrom = 0;
  return {
    held,
    projects,
    put(project: string): number {
      const siblings = project === "" ? [] : (projects.get(project) ?? []).slice(0, siblingsMax);
      const slot = searchAmong(held, siblings, freeFrom);
      held.add(slot);
      projects.set(project, [...(projects.get(project) ?? []), slot]);
      while (held.has(freeFrom)) freeFrom += 1;
      return slot;
    },
    leave(project: string): void {
      const [first, ...others] = projects.get(project) ?? [];
      projects.set(project, others);
      if (first === undefined) return;
      held.delete(first);
      freeFrom = Math.min(freeFrom, first);
    },
  };
}

function searchAmong(held: ReadonlySet<number>, siblings: readonly number[], from = 0): number {
  const search = siblings.length === 0 ? firstFree(from) : freeBeside(siblings, from);
  let step = search.next();
  while (step.done !== true) step = search.next(held);
  return step.value;
}

/** In steps of the grid. */
function squaredAway(slot: number, siblings: readonly number[]): number {
  const places = siblings.map(placeOf);
  const x = places.reduce((sum, place) => sum + place.x, 0) / places.length;
  const y = places.reduce((sum, place) => sum + place.y, 0) / places.length;
  return ((placeOf(slot).x - x) / 330) ** 2 + ((placeOf(slot).y - y) / 205) ** 2;
}

test("a slot's place is the same for good: those that were given stay where they are", () => {
  const told = [0, 1, 2, 5, 6, 17, 18, 100, 4_999].map(placeOf).map(({ x, y }) => [x, y]);
  expect(told).toEqual([
    [-286, -103],
    [286, -103],
    [0, 205],
    [-286, 103],
    [-660, 0],
    [-572, 205],
    [-975, -107],
    [1_980, 0],
    [12_951, 2_433],
  ]);
});

test("no two places of 5,000 overlap, nor does any overlap the hub", () => {
  const places = [{ x: 0, y: 0 }, ...Array.from({ length: 5_000 }, (_, slot) => placeOf(slot))];
  const byX = places.toSorted((one, other) => one.x - other.x);
  const near = byX.flatMap((one, at) => {
    const others = [];
    for (let next = at + 1; next < byX.length; next++) {
      const other = byX[next];
      if (other === undefined || other.x - one.x >= card.width) break;
      others.push(Math.abs(other.y - one.y));
    }
    return others;
  });
  expect(near.length).toBeGreaterThan(0);
  expect(near.filter((away) => away < card.height)).toEqual([]);
});

const someProject = fc.constantFrom("", "a", "b", "c");
const comings = fc.array(fc.record({ project: someProject, leaves: fc.boolean() }), {
  maxLength: 80,
});

test("whoever comes takes a free slot, and nobody moves when others come or leave", () => {
  fc.assert(
    fc.property(comings, (steps) => {
      const map = openMap();
      for (const { project, leaves } of steps) {
        const before = new Set(map.held);
        if (leaves) map.leave(project);
        else expect(before).not.toContain(map.put(project));
        const stay = [...map.projects.values()].flat();
        expect(new Set(stay)).toEqual(map.held);
        expect(stay.length).toBe(map.held.size);
      }
    }),
  );
});

const someSlots = fc.uniqueArray(fc.nat({ max: 400 }), { maxLength: 200 });

test("the first of a project takes the lowest free slot at or after the one to begin with", () => {
  fc.assert(
    fc.property(someSlots, fc.nat({ max: 500 }), (slots, from) => {
      const held = new Set(slots);
      const slot = searchAmong(held, [], from);
      expect(held.has(slot)).toBe(false);
      for (let below = from; below < slot; below++) expect(held.has(below)).toBe(true);
    }),
  );
});

test("a further one takes the free slot nearest to the middle of its siblings", () => {
  const all = Array.from({ length: 1_000 }, (_, slot) => slot);
  fc.assert(
    fc.property(someSlots, fc.integer({ min: 1, max: 64 }), (slots, count) => {
      const [held, siblings] = [new Set(slots), slots.slice(0, count)];
      fc.pre(siblings.length > 0);
      const nearest = all
        .filter((slot) => !held.has(slot))
        .map((slot) => squaredAway(slot, siblings))
        .reduce((one, other) => Math.min(one, other));
      const slot = searchAmong(held, siblings);
      expect(squaredAway(slot, siblings)).toBeCloseTo(nearest, 9);
      const freeFrom = all.find((one) => !held.has(one));
      expect(searchAmong(held, siblings, freeFrom)).toBe(slot);
    }),
    { numRuns: 50 },
  );
});

test("of two as near the lower slot is taken, whatever the order of the siblings", () => {
  const ring = [0, 1, 2, 3, 4, 5];
  expect(searchAmong(new Set(ring), ring)).toBe(searchAmong(new Set(ring), ring.toReversed()));
  const held = new Set([2]);
  const next = () => {
    const slot = searchAmong(held, [2]);
    held.add(slot);
    const { x, y } = placeOf(slot);
    return [slot, x, y];
  };
  expect([next(), next(), next()]).toEqual([
    [4, 286, 103],
    [5, -286, 103],
    [14, 0, 410],
  ]);
});

test("5,000 nodes of fifty projects come in turn, and siblings stand together", () => {
  const map = openMap();
  for (let n = 0; n < 5_000; n++) map.put(`p${n % 50}`);
  expect(map.held.size).toBe(5_000);
  const spots = [...map.projects].flatMap(([of, slots]) =>
    slots.filter((_, at) => at % 10 === 0).map((slot) => ({ of, ...placeOf(slot) })),
  );
  const sums = { siblings: { away: 0, pairs: 0 }, strangers: { away: 0, pairs: 0 } };
  for (const [at, one] of spots.entries()) {
    for (const other of spots.slice(at + 1)) {
      const sum = sums[one.of === other.of ? "siblings" : "strangers"];
      sum.away += Math.hypot(one.x - other.x, one.y - other.y);
      sum.pairs += 1;
    }
  }
  const mean = ({ away, pairs }: { away: number; pairs: number }) => away / pairs;
  expect(mean(sums.siblings)).toBeLessThan(mean(sums.strangers) / 2);
});
