import fc from "fast-check";
import { expect, test } from "vitest";
import { atHome, byGroup } from "./arrangement.ts";
import { clusterNodes } from "./clusters.ts";
import type { Point } from "./geometry.ts";
import { markSizes } from "./level.ts";
import { sampleNodes } from "./sample.ts";

const many = sampleNodes(2_000);
const home = atHome(many);

test("every node is in one cluster and only one", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.02, max: 0.4, noNaN: true }), (zoom) => {
      const clusters = clusterNodes(many, home.places, home.grid, zoom);
      const ids = clusters.flatMap(({ nodes }) => nodes.map(({ id }) => id));
      expect(ids.toSorted()).toEqual(many.map(({ id }) => id));
    }),
    { numRuns: 30 },
  );
});

test("no two clusters cover each other, nor the hub", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.02, max: 0.4, noNaN: true }), (zoom) => {
      const clusters = clusterNodes(many, home.places, home.grid, zoom);
      const middles = clusters.map(({ place }) => ({ x: place.x * zoom, y: place.y * zoom }));
      const { width, height } = markSizes.cluster;
      const covers = (one: Point, other: Point) =>
        Math.abs(one.x - other.x) < width && Math.abs(one.y - other.y) < height;
      const onHub = middles.filter(
        ({ x, y }) => Math.abs(x) < width / 2 && Math.abs(y) < height / 2,
      );
      const covered = middles.filter((one, at) =>
        middles.slice(at + 1).some((other) => covers(one, other)),
      );
      expect([...onHub, ...covered]).toEqual([]);
    }),
    { numRuns: 12 },
  );
});

test("moving the map changes no cluster: cells belong to the world", () => {
  const all = clusterNodes(many, home.places, home.grid, 0.1);
  const part = clusterNodes(many.slice(0, 700), home.places, home.grid, 0.1);
  const keys = new Set(all.map(({ key }) => key));
  for (const { key } of part) expect(keys.has(key)).toBe(true);
});

test("by group, one cluster never cuts a group", () => {
  const { places, grid, islands } = byGroup(many, "project");
  const clusters = clusterNodes(many, places, grid, 0.04);
  for (const { key } of islands) {
    const homes = clusters.filter(({ nodes }) =>
      nodes.some(({ profile }) => profile?.project === key),
    );
    expect(homes.length).toBe(1);
  }
});
