import { timestampMs } from "@bufbuild/protobuf/wkt";
import { type Node, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { parseQuery, type Term } from "./query.ts";
import { knownQuery } from "./query-known.ts";
import { termHolds } from "./query-match.ts";
import { nearestWord } from "./query-near.ts";
import { lookOf, shownStates } from "./state.ts";

/** What can be sorted by. */
export const sortKeys = [
  "name",
  "state",
  "project",
  "env",
  "role",
  "seen",
  "trip",
  "skew",
] as const;
export type SortKey = (typeof sortKeys)[number];

/** What of the nodes is wanted. */
export interface NodeFilter {
  /** A question, as query.ts reads it. */
  readonly words: string;
  /** Whether what does not match is hidden, or stays and what matches is marked. */
  readonly mode: "find" | "hide";
  /** Slugs of states, with a minus before those not wanted; empty for all but retired. */
  readonly states: readonly string[];
}

/** What a filter makes of the nodes. */
export interface Filtered {
  readonly shown: Node[];
  /** Ids of those that match; undefined where nothing was asked, or the rest is hidden. */
  readonly found: ReadonlySet<string> | undefined;
  /** What of the filter was not understood, in sentences. */
  readonly troubles: readonly string[];
  /** How many match the words, whatever states are wanted: what the legend tells. */
  readonly counts: ReadonlyMap<NodeState, number>;
}

/** The nodes that are wanted; those who left only where they are asked for. */
export function filterNodes(nodes: readonly Node[], filter: NodeFilter, nowMs: number): Filtered {
  const { terms, troubles } = knownQuery(parseQuery(filter.words), nodes);
  const states = readStates(filter.states);
  const old = states.only.has("retired") || terms.some(asksRetired);
  const isFind = filter.mode === "find";
  const shown: Node[] = [];
  const found = new Set<string>();
  const counts = new Map<NodeState, number>();
  for (const node of nodes) {
    const isHere = old || node.state !== NodeState.RETIRED;
    if (isHere && isFind) shown.push(node);
    if (!terms.every((term) => termHolds(term, node, nowMs))) continue;
    counts.set(node.state, (counts.get(node.state) ?? 0) + 1);
    if (!isHere || !isWanted(node.state, states)) continue;
    if (isFind) found.add(node.id);
    else shown.push(node);
  }
  const isAsked = terms.length + states.only.size + states.not.size > 0;
  return {
    shown,
    found: isFind && isAsked ? found : undefined,
    troubles: [...troubles, ...states.troubles],
    counts,
  };
}

interface States {
  readonly only: ReadonlySet<string>;
  readonly not: ReadonlySet<string>;
  readonly troubles: readonly string[];
}

function readStates(slugs: readonly string[]): States {
  const only = new Set<string>();
  const not = new Set<string>();
  const troubles: string[] = [];
  for (const each of slugs) {
    const slug = each.replace(/^-/u, "").toLowerCase();
    if (!stateSlugs.includes(slug)) troubles.push(noState(slug));
    else if (each.startsWith("-")) not.add(slug);
    else only.add(slug);
  }
  return { only, not, troubles };
}

const stateSlugs = shownStates.map((state) => lookOf(state).slug);

function noState(slug: string): string {
  const near = nearestWord(slug, stateSlugs);
  return `There is no state ${slug}; ${near ? `did you mean ${near}?` : "it is left out."}`;
}

function isWanted(state: NodeState, { only, not }: States): boolean {
  const { slug } = lookOf(state);
  return !not.has(slug) && (only.size === 0 || only.has(slug));
}

function asksRetired(term: Term): boolean {
  if (term.of !== "value" || term.key !== "state" || term.negated) return false;
  return term.patterns.some(({ word, begins }) => !begins && word === "retired");
}

/** Sorted by a key; nodes without a value come last either way. */
export function sortNodes(nodes: readonly Node[], key: SortKey, descending: boolean): Node[] {
  const sign = descending ? -1 : 1;
  const rows = nodes.map((node) => ({
    node,
    name: node.name.toLowerCase(),
    at: valueOf(node, key),
  }));
  rows.sort((one, other) => {
    if (one.at === undefined || other.at === undefined) {
      return Number(one.at === undefined) - Number(other.at === undefined) || byName(one, other);
    }
    if (one.at === other.at) return byName(one, other);
    return one.at < other.at ? -sign : sign;
  });
  return rows.map(({ node }) => node);
}

function valueOf(node: Node, key: SortKey): string | number | bigint | undefined {
  switch (key) {
    case "name":
      return node.name.toLowerCase();
    case "state":
      return node.state;
    case "project":
      return node.profile?.project || undefined;
    case "env":
      return node.profile?.environment || undefined;
    case "role":
      return node.role || undefined;
    case "seen":
      return node.lastSeenTime && timestampMs(node.lastSeenTime);
    case "trip":
      return node.roundTripUs;
    case "skew":
      return node.skewMs;
  }
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
}
