import { IntegrationEdge_Kind as Kind } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { expect, test } from "vitest";
import type { Tie } from "../ties.ts";
import { atHome } from "./arrangement.ts";
import { clusterNodes } from "./clusters.ts";
import { levelAt, marksMax } from "./level.ts";
import { sampleNodes } from "./sample.ts";
import { type Scene, sceneOf, sightOf } from "./scene.ts";
import { centredOn, fit, type Viewport } from "./viewport.ts";

const frame = { width: 1_230, height: 780 };
const nodes = sampleNodes(5_000);
const arrangement = atHome(nodes);

function sceneAt(viewport: Viewport, ties: readonly Tie[] = []): Scene {
  const { places, grid, step } = arrangement;
  const level = levelAt(viewport.zoom, frame, nodes.length, step);
  const clusters = clusterNodes(nodes, places, grid, viewport.zoom);
  return sceneOf({ level, arrangement, nodes, ties, clusters, sight: sightOf(viewport, frame) });
}

test("near, only what is in sight has marks, and never more than the limit", () => {
  for (const zoom of [0.4, 0.7, 1.5]) {
    const viewport = centredOn({ x: 3_000, y: 1_000 }, zoom);
    const { single, clusters } = sceneAt(viewport);
    expect(clusters).toEqual([]);
    expect(single.length).toBeGreaterThan(0);
    expect(single.length).toBeLessThanOrEqual(marksMax);
  }
});

test("from afar everybody is in a cluster in sight", () => {
  const viewport = fit(arrangement.box, frame);
  const scene = sceneAt(viewport);
  const gathered = scene.clusters.reduce((sum, cluster) => sum + cluster.nodes.length, 0);
  expect(gathered + scene.single.length).toBe(nodes.length);
  expect(scene.clusters.length + scene.single.length).toBeLessThanOrEqual(marksMax);
});

test("ties between clusters are one line, ties within one are none", () => {
  const viewport = fit(arrangement.box, frame);
  const tied = (fromId: string, toId: string): Tie => ({
    id: `${fromId}.${toId}`,
    fromId,
    toId,
    kind: Kind.PACKAGE,
    mutual: false,
    strands: [],
  });
  const ties = [
    tied("node_00000", "node_04999"),
    tied("node_04999", "node_00000"),
    tied("node_00000", "node_00001"),
  ];
  const { bundles } = sceneAt(viewport, ties);
  expect(bundles.map(({ count }) => count)).toEqual([2]);
});

test("nothing in sight is no marks, not an error", () => {
  const viewport = centredOn({ x: 1e6, y: 1e6 }, 1);
  expect(sceneAt(viewport).single).toEqual([]);
});
