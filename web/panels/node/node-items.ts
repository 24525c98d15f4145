import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { type GroupKey, groupNodes } from "./group.ts";

/** A row of the table: a node, or the heading of a group. */
export type Item =
  | { readonly node: Node }
  | {
      readonly title: string;
      readonly count: number;
      /** How many of them were looked for; undefined where nothing is. */
      readonly hits: number | undefined;
    };

/**
 * The rows in order: each group under its heading, and what was looked for before what was not, or
 * it would stand beyond the rows that are drawn.
 */
export function itemsOf(
  nodes: readonly Node[],
  found: ReadonlySet<string> | undefined,
  group: GroupKey | undefined,
): readonly Item[] {
  if (group === undefined) return firstFound(nodes, found);
  const groups = groupNodes(nodes, group).map(({ title, nodes: own }) => ({
    title,
    own,
    hits: found && own.filter(({ id }) => found.has(id)).length,
  }));
  const rest = groups.filter(({ hits }) => hits === 0);
  return [...groups.filter(({ hits }) => hits !== 0), ...rest].flatMap(
    ({ title, own, hits }): Item[] => [
      { title, count: own.length, hits },
      ...firstFound(own, found),
    ],
  );
}

function firstFound(nodes: readonly Node[], found: ReadonlySet<string> | undefined): Item[] {
  const isFound = ({ id }: Node) => found?.has(id) ?? true;
  const rest = nodes.filter((node) => !isFound(node));
  return [...nodes.filter(isFound), ...rest].map((node) => ({ node }));
}
