import { timestampMs } from "@bufbuild/protobuf/wkt";
import { type Node, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { lookOf } from "./state.ts";

/** What can be sorted by. */
export const sortKeys = ["name", "state", "project", "seen", "trip", "skew"] as const;
export type SortKey = (typeof sortKeys)[number];

/** What of the nodes is wanted. */
export interface NodeFilter {
  /** Slugs of states; empty for all but retired. */
  readonly states: readonly string[];
  /** Words that all must occur. */
  readonly words: string;
}

/** The nodes that pass. */
export function filterNodes(nodes: Iterable<Node>, filter: NodeFilter): Node[] {
  const words = filter.words.toLowerCase().split(/\s+/u).filter(Boolean);
  return [...nodes].filter((node) => {
    if (!isWantedState(node.state, filter.states)) return false;
    const text = textOf(node);
    return words.every((word) => text.includes(word));
  });
}

/** Sorted by a key; nodes without a value come last either way. */
export function sortNodes(nodes: readonly Node[], key: SortKey, descending: boolean): Node[] {
  const sign = descending ? -1 : 1;
  return nodes.toSorted((one, other) => {
    const left = valueOf(one, key);
    const right = valueOf(other, key);
    if (left === undefined || right === undefined) {
      return Number(left === undefined) - Number(right === undefined) || byName(one, other);
    }
    if (left === right) return byName(one, other);
    return left < right ? -sign : sign;
  });
}

/** How many nodes stand in each state. */
export function countStates(nodes: Iterable<Node>): ReadonlyMap<NodeState, number> {
  const counts = new Map<NodeState, number>();
  for (const { state } of nodes) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
}

function isWantedState(state: NodeState, wanted: readonly string[]): boolean {
  if (wanted.length === 0) return state !== NodeState.RETIRED;
  return wanted.includes(lookOf(state).slug);
}

function textOf({ id, name, profile, spiffeId }: Node): string {
  const own = [profile?.project, profile?.title, profile?.description, profile?.software];
  return [id, name, spiffeId, ...own, ...(profile?.tags ?? [])].join(" ").toLowerCase();
}

function valueOf(node: Node, key: SortKey): string | number | bigint | undefined {
  switch (key) {
    case "name":
      return node.name.toLowerCase();
    case "state":
      return node.state;
    case "project":
      return node.profile?.project || undefined;
    case "seen":
      return node.lastSeenTime && timestampMs(node.lastSeenTime);
    case "trip":
      return node.roundTripUs;
    case "skew":
      return node.skewMs;
  }
}

function byName(one: Node, other: Node): number {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
}
