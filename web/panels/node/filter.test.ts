import { create } from "@bufbuild/protobuf";
import { NodeSchema, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { expect, test } from "vitest";
import { filterNodes, sortNodes } from "./filter.ts";

const nodes = [
  create(NodeSchema, { name: "web", state: NodeState.ONLINE, roundTripUs: 900n }),
  create(NodeSchema, { name: "server", state: NodeState.OFFLINE, profile: { tags: ["Go"] } }),
  create(NodeSchema, { name: "clients", state: NodeState.RETIRED, roundTripUs: 100n }),
];
const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);

test("without a filter everything but the retired is shown", () => {
  expect(names(filterNodes(nodes, { states: [], words: "" }))).toEqual(["web", "server"]);
});

test("states and words narrow together, whatever the case", () => {
  expect(names(filterNodes(nodes, { states: ["offline"], words: "GO ser" }))).toEqual(["server"]);
  expect(filterNodes(nodes, { states: ["online"], words: "go" })).toEqual([]);
});

test("what was never measured sorts last, in both directions", () => {
  expect(names(sortNodes(nodes, "trip", false))).toEqual(["clients", "web", "server"]);
  expect(names(sortNodes(nodes, "trip", true))).toEqual(["web", "clients", "server"]);
});
