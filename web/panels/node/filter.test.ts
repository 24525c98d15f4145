import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { NodeSchema, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { expect, test } from "vitest";
import { filterNodes, type NodeFilter, sortNodes } from "./filter.ts";

const nowMs = 1_000_000;
const nodes = [
  create(NodeSchema, { id: "w", name: "web", state: NodeState.ONLINE, roundTripUs: 900n }),
  create(NodeSchema, {
    id: "s",
    name: "server",
    state: NodeState.OFFLINE,
    profile: { tags: ["Go"], project: "shop" },
    lastSeenTime: timestampFromMs(nowMs - 60_000),
  }),
  create(NodeSchema, { id: "c", name: "clients", state: NodeState.RETIRED, roundTripUs: 100n }),
];
const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);
const filtered = (filter: Partial<NodeFilter>) =>
  filterNodes(nodes, { words: "", states: [], mode: "hide", ...filter }, nowMs);
const shown = (filter: Partial<NodeFilter>) => names(filtered(filter).shown);

test("without a filter everything but the retired is shown", () => {
  expect(shown({})).toEqual(["web", "server"]);
  expect(shown({ mode: "find" })).toEqual(["web", "server"]);
  expect(filtered({ mode: "find" }).found).toBeUndefined();
});

test("states and words narrow together, whatever the case", () => {
  expect(shown({ states: ["offline"], words: "GO ser" })).toEqual(["server"]);
  expect(shown({ states: ["online"], words: "go" })).toEqual([]);
});

test("to find leaves all in place, and marks those that match", () => {
  const { shown: all, found } = filtered({ mode: "find", words: "server" });
  expect(names(all)).toEqual(["web", "server"]);
  expect(found).toEqual(new Set(["s"]));
});

test("a state with a minus is not wanted", () => {
  expect(shown({ states: ["-offline"] })).toEqual(["web"]);
  expect(filtered({ mode: "find", states: ["-offline"] }).found).toEqual(new Set(["w"]));
});

test("the retired are shown where they are asked for, by state or by words", () => {
  expect(shown({ states: ["retired"] })).toEqual(["clients"]);
  expect(shown({ words: "state:retired,offline" })).toEqual(["server", "clients"]);
  expect(shown({ words: "-state:retired" })).toEqual(["web", "server"]);
  expect(shown({ words: "clients" })).toEqual([]);
});

test("the legend counts what matches the words, whatever states are wanted", () => {
  const { counts } = filtered({ words: "e", states: ["online"] });
  expect([...counts]).toEqual([
    [NodeState.ONLINE, 1],
    [NodeState.OFFLINE, 1],
    [NodeState.RETIRED, 1],
  ]);
});

test("what no node tells is told as a trouble, and hides nothing", () => {
  const { shown: all, troubles } = filtered({ words: "project:shap", states: ["oflline"] });
  expect(names(all)).toEqual(["web", "server"]);
  expect(troubles).toEqual([
    "No node has the project shap; did you mean shop?",
    "There is no state oflline; did you mean offline?",
  ]);
});

test("a question about time has another answer later", () => {
  const filter: NodeFilter = { words: "seen:<90s", states: [], mode: "hide" };
  expect(names(filterNodes(nodes, filter, nowMs).shown)).toEqual(["server"]);
  expect(names(filterNodes(nodes, filter, nowMs + 30_000).shown)).toEqual(["server"]);
  expect(names(filterNodes(nodes, filter, nowMs + 30_001).shown)).toEqual([]);
});

test("what was never measured sorts last, in both directions", () => {
  expect(names(sortNodes(nodes, "trip", false))).toEqual(["clients", "web", "server"]);
  expect(names(sortNodes(nodes, "trip", true))).toEqual(["web", "clients", "server"]);
});
