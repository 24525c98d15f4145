import { create } from "@bufbuild/protobuf";
import { NodeSchema, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { expect, test } from "vitest";
import { groupKeys, groupNodes, groupOf } from "./group.ts";

const node = (name: string, team: string) =>
  create(NodeSchema, { name, state: NodeState.ONLINE, role: Role.MEMBER, profile: { team } });
const nodes = [node("a", "red"), node("b", ""), node("c", "blue"), node("d", "red")];

test("groups come by title, and those who told nothing last", () => {
  const groups = groupNodes(nodes, "team").map(({ key, title, nodes: own }) => [
    key,
    title,
    own.map(({ name }) => name).join(""),
  ]);
  expect(groups).toEqual([
    ["blue", "blue", "c"],
    ["red", "red", "ad"],
    ["", "not told", "b"],
  ]);
});

test("a node has one group for each key, though it told nothing", () => {
  const bare = create(NodeSchema, { name: "a" });
  expect(groupKeys.map((key) => groupOf(bare, key))).toEqual(["", "", "unknown", "", "", ""]);
  expect([groupOf(node("a", ""), "role"), groupOf(node("a", ""), "state")]).toEqual([
    "member",
    "online",
  ]);
});

test("a state is grouped by its slug and titled by its word", () => {
  expect(groupNodes(nodes, "state").map(({ key, title }) => [key, title])).toEqual([
    ["online", "Online"],
  ]);
});

test("titles are counted as people count", () => {
  const groups = groupNodes([node("a", "wing-10"), node("b", "wing-2")], "team");
  expect(groups.map(({ title }) => title)).toEqual(["wing-2", "wing-10"]);
});
