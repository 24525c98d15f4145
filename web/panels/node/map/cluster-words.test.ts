import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { expect, test } from "vitest";
import { clusterWords } from "./cluster-words.ts";
import { markLook } from "./mark-look.ts";
import { sampleNodes } from "./sample.ts";

const place = { x: 0, y: 0 };
const byState = (node: Parameters<typeof markLook>[0]) => markLook(node, undefined);

test("a cluster is called by its largest project, and says how many others there are", () => {
  const nodes = sampleNodes(25);
  const words = clusterWords({ key: "one", place, nodes }, undefined, byState);
  expect(words.title).toBe("project-0");
  expect(words.more).toBe(2);
});

test("what most needs somebody is told, however few they are", () => {
  const nodes = sampleNodes(25);
  const words = clusterWords({ key: "one", place, nodes }, undefined, byState);
  expect(words.worst.words).toBe("3 offline");
  expect(words.parts.map(({ count }) => count)).toEqual([22, 3]);
});

test("where all are alike, it says all", () => {
  const nodes = sampleNodes(4, NodeState.MAINTENANCE);
  const words = clusterWords({ key: "one", place, nodes }, "state", byState);
  expect(words.worst.words).toBe("all maintenance");
  expect(words.title).toBe("Maintenance");
});

test("by trust, scores are gathered into how far they are trusted", () => {
  const nodes = sampleNodes(3);
  const scores = new Map(nodes.map(({ id }, at) => [id, [91, 84, 12][at]]));
  const words = clusterWords({ key: "one", place, nodes }, undefined, (node) =>
    markLook(node, scores),
  );
  expect(words.worst.words).toBe("1 distrusted");
  expect(words.parts.map(({ count }) => count)).toEqual([2, 1]);
});
