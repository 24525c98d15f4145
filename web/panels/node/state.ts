import { type Node, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";

/** How a state is told: a word, a shape and a colour, never a colour alone. */
export interface StateLook {
  readonly slug: string;
  readonly word: string;
  readonly icon: "online" | "degraded" | "offline" | "maintenance" | "retired";
  readonly text: string;
  readonly ground: string;
  readonly border: string;
  /** The border on the left of a card. */
  readonly stripe: string;
  readonly stroke: string;
}

const online: StateLook = {
  slug: "online",
  word: "Online",
  icon: "online",
  text: "text-online",
  ground: "bg-online-ground",
  border: "border-online",
  stripe: "border-l-online",
  stroke: "stroke-online",
};
const degraded: StateLook = {
  slug: "degraded",
  word: "Degraded",
  icon: "degraded",
  text: "text-degraded",
  ground: "bg-degraded-ground",
  border: "border-degraded",
  stripe: "border-l-degraded",
  stroke: "stroke-degraded",
};
const offline: StateLook = {
  slug: "offline",
  word: "Offline",
  icon: "offline",
  text: "text-offline",
  ground: "bg-offline-ground",
  border: "border-offline",
  stripe: "border-l-offline",
  stroke: "stroke-offline",
};
const maintenance: StateLook = {
  slug: "maintenance",
  word: "Maintenance",
  icon: "maintenance",
  text: "text-maintenance",
  ground: "bg-maintenance-ground",
  border: "border-maintenance",
  stripe: "border-l-maintenance",
  stroke: "stroke-maintenance",
};
const retired: StateLook = {
  slug: "retired",
  word: "Retired",
  icon: "retired",
  text: "text-retired",
  ground: "bg-retired-ground",
  border: "border-retired",
  stripe: "border-l-retired",
  stroke: "stroke-retired",
};

const looks: Readonly<Record<NodeState, StateLook>> = {
  [NodeState.UNSPECIFIED]: { ...retired, slug: "unknown", word: "Unknown" },
  [NodeState.ONLINE]: online,
  [NodeState.DEGRADED]: degraded,
  [NodeState.OFFLINE]: offline,
  [NodeState.MAINTENANCE]: maintenance,
  [NodeState.RETIRED]: retired,
};

/** The states in the order of the legend. */
export const shownStates: readonly NodeState[] = [
  NodeState.ONLINE,
  NodeState.DEGRADED,
  NodeState.OFFLINE,
  NodeState.MAINTENANCE,
  NodeState.RETIRED,
];

/** How a state is told. */
export function lookOf(state: NodeState): StateLook {
  return looks[state] ?? looks[NodeState.UNSPECIFIED];
}

/** What a node is called beside its name; undefined where that says the same again. */
export function titleBeside({ name, profile }: Node): string | undefined {
  const title = profile?.title ?? "";
  const isSame = title.toLowerCase() === name.toLowerCase();
  return title === "" || isSame ? undefined : title;
}
