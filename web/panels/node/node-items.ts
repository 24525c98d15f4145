import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { type GroupKey, groupNodes } from "./group.ts";

/** What stands above the first row of a group. */
export interface Heading {
  readonly title: string;
  readonly count: number;
  /** How many of them were looked for; undefined where nothing is. */
  readonly hits: number | undefined;
}

/** A row of the table, and the heading that comes before it. */
export interface Item {
  readonly node: Node;
  readonly heading?: Heading;
}

/**
 * The rows in order: each group under its heading, and what was looked for before what was not, or
 * it would stand beyond the rows that are drawn.
 */
export function itemsOf(
  nodes: readonly Node[],
  found: ReadonlySet<string> | undefined,
  group: GroupKey | undefined,
): readonly Item[] {
  if (group === undefined) return firstFound(nodes, found).map((node) => ({ node }));
  const groups = groupNodes(nodes, group).map(({ title, nodes: own }) => ({
    own: firstFound(own, found),
    heading: { title, count: own.length, hits: found && hitsIn(own, found) },
  }));
  const isHit = ({ heading }: { heading: Heading }) => heading.hits !== 0;
  const rest = groups.filter((each) => !isHit(each));
  return [...groups.filter(isHit), ...rest].flatMap(({ own, heading }) =>
    own.map((node, at): Item => (at === 0 ? { node, heading } : { node })),
  );
}

function hitsIn(nodes: readonly Node[], found: ReadonlySet<string>): number {
  return nodes.filter(({ id }) => found.has(id)).length;
}

function firstFound(nodes: readonly Node[], found: ReadonlySet<string> | undefined): Node[] {
  const isFound = ({ id }: Node) => found?.has(id) ?? true;
  return [...nodes.filter(isFound), ...nodes.filter((node) => !isFound(node))];
}
