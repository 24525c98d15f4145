import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { countText } from "../../../parts/measure.ts";
import { groupNodes, type GroupKey } from "../group.ts";
import type { Cluster } from "./clusters.ts";
import type { LookOf, MarkLook } from "./mark-look.ts";

/** What a cluster says of itself. */
export interface ClusterWords {
  /** The largest group in it, a project where nothing else is grouped by. */
  readonly title: string;
  /** How many other groups are in it. */
  readonly more: number;
  /** How many look how, the most first. */
  readonly parts: readonly Part[];
  /** What is most worth a look. */
  readonly worst: { readonly look: MarkLook; readonly words: string };
}

interface Part {
  readonly look: MarkLook;
  readonly count: number;
}

/** What most needs somebody comes first. */
const urgency = ["offline", "degraded", "maintenance", "retired", "online"];

/** Gathers what a cluster says. */
export function clusterWords(
  { nodes }: Cluster,
  key: GroupKey | undefined,
  lookOf: LookOf,
): ClusterWords {
  const groups = groupNodes(nodes, key ?? "project");
  const sizes = groups.toSorted((one, other) => other.nodes.length - one.nodes.length);
  const parts = partsOf(nodes, lookOf);
  return {
    title: sizes[0]?.title ?? "",
    more: groups.length - 1,
    parts,
    worst: worstOf(parts, nodes.length),
  };
}

function worstOf(parts: readonly Part[], total: number): ClusterWords["worst"] {
  const rank = ({ look }: Part) => urgency.indexOf(look.icon);
  const worst = parts.toSorted((one, other) => rank(one) - rank(other))[0];
  if (worst === undefined) throw new Error("a cluster of nobody");
  const word = kindOf(worst.look).toLowerCase();
  const words = worst.count === total ? `all ${word}` : `${countText(worst.count)} ${word}`;
  return { look: worst.look, words };
}

function partsOf(nodes: readonly Node[], lookOf: LookOf): readonly Part[] {
  const parts = new Map<string, { look: MarkLook; count: number }>();
  for (const node of nodes) {
    const look = lookOf(node);
    const part = parts.get(kindOf(look));
    if (part === undefined) parts.set(kindOf(look), { look, count: 1 });
    else part.count += 1;
  }
  return [...parts.values()].toSorted((one, other) => other.count - one.count);
}

/** What nodes of a look are called together. */
export function kindOf({ kind, word }: MarkLook): string {
  return kind ?? word;
}
