import { useMemo, useRef } from "react";
import type { Connection } from "../../../parts/follow.ts";
import type { GroupKey } from "../group.ts";
import { latestOf, type Latest } from "../latest.ts";
import { clusterWords } from "./cluster-words.ts";
import { flowAt, keptFlows, type MapFlow } from "./flow-nodes.ts";
import type { LookOf } from "./mark-look.ts";
import type { Scene } from "./scene.ts";

/** What the marks of a scene are made from, besides the scene. */
export interface FlowWish {
  readonly scene: Scene;
  readonly latest: Latest;
  readonly lookOf: LookOf;
  readonly group: GroupKey | undefined;
  readonly found: ReadonlySet<string> | undefined;
  readonly selected: string | undefined;
  /** The mark that Tab leads to. */
  readonly reachable: string | undefined;
  readonly connection: Connection;
  readonly onSelect: (id: string) => void;
  readonly onOpen: (key: string) => void;
  readonly onFocus: (id: string) => void;
}

/** So few dots can all bear their names. */
const namedDotsMax = 40;

/** The marks of a scene for React Flow; those that did not change are the same objects. */
export function useFlows(wish: FlowWish): readonly MapFlow[] {
  const before = useRef<readonly MapFlow[]>([]);
  const next = keptFlows(before.current, flowsOf(wish));
  before.current = next;
  // The same list, too, where nothing in it changed.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  return useMemo(() => next, next);
}

function flowsOf(wish: FlowWish): readonly MapFlow[] {
  const { scene, connection } = wish;
  const hub: readonly MapFlow[] = scene.hub
    ? [
        {
          ...flowAt("hub", { x: 0, y: 0 }, true),
          type: "hub",
          data: { connection, level: scene.level },
        },
      ]
    : [];
  return [...hub, ...clusterFlows(wish), ...nodeFlows(wish)];
}

function clusterFlows({ scene, group, lookOf, found, ...wish }: FlowWish): readonly MapFlow[] {
  return scene.clusters.map((cluster) => ({
    ...flowAt(cluster.key, cluster.place, false),
    type: "cluster",
    data: {
      cluster,
      words: clusterWords(cluster, group, lookOf),
      reachable: cluster.key === wish.reachable,
      dim: found !== undefined && !cluster.nodes.some(({ id }) => found.has(id)),
      onOpen: wish.onOpen,
      onFocus: wish.onFocus,
    },
  }));
}

function nodeFlows({ scene, latest, lookOf, found, ...wish }: FlowWish): readonly MapFlow[] {
  const level = scene.level === "cluster" ? "chip" : scene.level;
  const named = scene.single.length <= namedDotsMax || wish.group !== undefined;
  return scene.single.flatMap((node): MapFlow[] => {
    const place = scene.spots.get(node.id);
    if (place === undefined) return [];
    const selected = node.id === wish.selected;
    return [
      {
        ...flowAt(node.id, place, selected),
        type: "node",
        data: {
          node,
          level,
          selected,
          named,
          graph: latestOf(latest, node.spiffeId, "graph.summary.nodes"),
          look: lookOf(node),
          dim: found?.has(node.id) === false,
          reachable: node.id === wish.reachable,
          onSelect: wish.onSelect,
          onFocus: wish.onFocus,
        },
      },
    ];
  });
}
