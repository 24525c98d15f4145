import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { roleName } from "../../parts/may.ts";
import { lookOf } from "./state.ts";

/** What nodes can be grouped by. */
export const groupKeys = ["project", "role", "state", "environment", "team", "domain"] as const;
export type GroupKey = (typeof groupKeys)[number];

/** Nodes that have something in common. */
export interface NodeGroup {
  /** What they have in common; empty where they told nothing. */
  readonly key: string;
  readonly title: string;
  readonly nodes: Node[];
}

/** How those are called who told nothing. */
export const notTold = "not told";

/** What a node is grouped by; empty where it told nothing. */
export function groupOf(node: Node, key: GroupKey): string {
  switch (key) {
    case "role":
      return node.role === Role.UNSPECIFIED ? "" : roleName(node.role);
    case "state":
      return lookOf(node.state).slug;
    case "project":
    case "environment":
    case "team":
    case "domain":
      return node.profile?.[key] ?? "";
  }
}

/** The groups by title, those who told nothing last; within a group the order stays. */
export function groupNodes(nodes: Iterable<Node>, key: GroupKey): readonly NodeGroup[] {
  const groups = new Map<string, NodeGroup>();
  for (const node of nodes) {
    const own = groupOf(node, key);
    const group = groups.get(own);
    if (group === undefined)
      groups.set(own, { key: own, title: titleOf(node, own, key), nodes: [node] });
    else group.nodes.push(node);
  }
  return [...groups.values()].toSorted(byTitle);
}

function titleOf(node: Node, own: string, key: GroupKey): string {
  if (own === "") return notTold;
  return key === "state" ? lookOf(node.state).word : own;
}

/** As people count: wing-2 before wing-10. */
const titles = new Intl.Collator("en", { numeric: true });

function byTitle(one: NodeGroup, other: NodeGroup): number {
  if (one.key === "" || other.key === "") return one.key === "" ? 1 : -1;
  return titles.compare(one.title, other.title);
}
