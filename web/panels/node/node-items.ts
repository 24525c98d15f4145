import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { type GroupKey, groupNodes } from "./group.ts";

/** A row of the table: a node, or the heading of a group. */
export type Item = { readonly node: Node } | { readonly title: string; readonly count: number };

/** The rows in order: what was looked for first, and each group under its heading. */
export function itemsOf(
  nodes: readonly Node[],
  found: ReadonlySet<string> | undefined,
  group: GroupKey | undefined,
): readonly Item[] {
  if (group === undefined) return firstFound(nodes, found);
  return groupNodes(nodes, group).flatMap(({ title, nodes: own }): Item[] => [
    { title, count: own.length },
    ...firstFound(own, found),
  ]);
}

function firstFound(nodes: readonly Node[], found: ReadonlySet<string> | undefined): Item[] {
  const isFound = ({ id }: Node) => found?.has(id) ?? true;
  const rest = nodes.filter((node) => !isFound(node));
  return [...nodes.filter(isFound), ...rest].map((node) => ({ node }));
}
