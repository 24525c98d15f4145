import { IntegrationEdge_Kind as Kind } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { expect, test } from "vitest";
import type { Tie } from "../ties.ts";
import { atHome } from "./arrangement.ts";
import { marksMax } from "./level.ts";
import { sampleNodes } from "./sample.ts";
import { sceneOf } from "./scene.ts";
import { centredOn, fit } from "./viewport.ts";

const frame = { width: 1_230, height: 780 };
const nodes = sampleNodes(5_000);
const arrangement = atHome(nodes);

test("near, only what is in sight has marks, and never more than the limit", () => {
  for (const zoom of [0.4, 0.7, 1.5]) {
    const viewport = centredOn({ x: 3_000, y: 1_000 }, zoom);
    const { single, clusters } = sceneOf({ arrangement, nodes, ties: [], viewport, frame });
    expect(clusters).toEqual([]);
    expect(single.length).toBeGreaterThan(0);
    expect(single.length).toBeLessThanOrEqual(marksMax);
  }
});

test("from afar everybody is in a cluster in sight", () => {
  const viewport = fit(arrangement.box, frame);
  const scene = sceneOf({ arrangement, nodes, ties: [], viewport, frame });
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
  const { bundles } = sceneOf({ arrangement, nodes, ties, viewport, frame });
  expect(bundles.map(({ count }) => count)).toEqual([2]);
});

test("nothing in sight is no marks, not an error", () => {
  const viewport = centredOn({ x: 1e6, y: 1e6 }, 1);
  expect(sceneOf({ arrangement, nodes, ties: [], viewport, frame }).single).toEqual([]);
});
