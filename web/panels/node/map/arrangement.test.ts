import { expect, test } from "vitest";
import { atHome, byGroup } from "./arrangement.ts";
import { isIn } from "./geometry.ts";
import { markSizes, marksMax } from "./level.ts";
import { sampleNodes } from "./sample.ts";

test("at home everybody stands where the server says, and nobody else stands anywhere", () => {
  const [one, ...others] = sampleNodes(4);
  if (one === undefined) throw new Error("no sample");
  delete one.place;
  const { places } = atHome([one, ...others]);
  expect(places.has(one.id)).toBe(false);
  for (const { id, place } of others) expect(places.get(id)).toEqual({ x: place?.x, y: place?.y });
});

test.each([1, 7, marksMax, marksMax + 1, 1_000])(
  "of %i nodes by project, each stands on its own island and no two overlap",
  (count) => {
    const nodes = sampleNodes(count);
    const { islands, places } = byGroup(nodes, "project");
    expect(islands.length).toBe(Math.ceil(count / 10));
    for (const { id, profile } of nodes) {
      const island = islands.find(({ key }) => key === profile?.project);
      const place = places.get(id);
      expect(island !== undefined && place !== undefined && isIn(place, island)).toBe(true);
    }
    const { width, height } = markSizes.card;
    const all = [...places.values()].toSorted((one, other) => one.x - other.x || one.y - other.y);
    const near = all.filter((one, at) =>
      all
        .slice(at + 1, at + 40)
        .some(({ x, y }) => Math.abs(one.x - x) < width && Math.abs(one.y - y) < height),
    );
    expect(near).toEqual([]);
  },
);

test("no two islands overlap, however uneven they are", () => {
  for (const count of [60, 400]) {
    const { islands } = byGroup(sampleNodes(count), "state");
    const [one, other] = islands;
    if (one === undefined || other === undefined) throw new Error("two states were planted");
    const apartX = Math.abs(one.x - other.x) >= (one.width + other.width) / 2;
    const apartY = Math.abs(one.y - other.y) >= (one.height + other.height) / 2;
    expect(apartX || apartY).toBe(true);
  }
});

test("the box holds every island", () => {
  const { islands, box } = byGroup(sampleNodes(95), "project");
  for (const island of islands) expect(isIn(island, box)).toBe(true);
});
