import { useMemo, useState } from "react";
import type { Connection } from "../../../parts/follow.ts";
import type { GroupKey } from "../group.ts";
import { latestOf, type Latest } from "../latest.ts";
import type { Cluster } from "./clusters.ts";
import { type ClusterWords, clusterWords } from "./cluster-words.ts";
import { flowAt, keptFlows, type MapFlow } from "./flow-nodes.ts";
import { keeper } from "./keeper.ts";
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
  /** The zoom that marks are laid out for. */
  readonly restZoom: number;
  /** Whether there is room for a name under each dot. */
  readonly roomy: boolean;
  readonly connection: Connection;
  readonly onSelect: (id: string) => void;
  readonly onOpen: (key: string) => void;
  readonly onFocus: (id: string) => void;
}

/** So few dots can all bear their names. */
const namedDotsMax = 40;

/** The marks of a scene for React Flow; those that did not change are the same objects. */
export function useFlows(wish: FlowWish): MapFlow[] {
  const [kept] = useState(() => keeper(keptFlows));
  const { lookOf, group } = wish;
  const wordsOf = useMemo(() => rememberedWords(group, lookOf), [group, lookOf]);
  const next = useMemo(
    () => flowsOf(wish, wordsOf),
    // A wish is a new object each time; what it is made of is not.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    Object.values(wish),
  );
  return useMemo(() => kept(next), [kept, next]);
}

type WordsOf = (cluster: Cluster) => ClusterWords;

/** A cluster that did not change says the same. */
function rememberedWords(group: GroupKey | undefined, lookOf: LookOf): WordsOf {
  const said = new WeakMap<Cluster, ClusterWords>();
  return (cluster) => {
    const words = said.get(cluster) ?? clusterWords(cluster, group, lookOf);
    said.set(cluster, words);
    return words;
  };
}

function flowsOf(wish: FlowWish, wordsOf: WordsOf): MapFlow[] {
  const { scene, connection, restZoom } = wish;
  const hub: readonly MapFlow[] = scene.hub
    ? [
        {
          ...flowAt("hub", { x: 0, y: 0 }, restZoom, true),
          type: "hub",
          data: { connection, level: scene.level },
        },
      ]
    : [];
  return [...hub, ...clusterFlows(wish, wordsOf), ...nodeFlows(wish)];
}

function clusterFlows({ scene, found, ...wish }: FlowWish, wordsOf: WordsOf): readonly MapFlow[] {
  return scene.clusters.map((cluster) => ({
    ...flowAt(cluster.key, cluster.place, wish.restZoom, false),
    type: "cluster",
    data: {
      cluster,
      words: wordsOf(cluster),
      reachable: cluster.key === wish.reachable,
      dim: found !== undefined && !cluster.nodes.some(({ id }) => found.has(id)),
      onOpen: wish.onOpen,
      onFocus: wish.onFocus,
    },
  }));
}

function nodeFlows({ scene, latest, lookOf, found, ...wish }: FlowWish): readonly MapFlow[] {
  const level = scene.level === "cluster" ? "chip" : scene.level;
  const named = scene.single.length <= namedDotsMax || wish.roomy;
  return scene.single.flatMap((node): MapFlow[] => {
    const place = scene.spots.get(node.id);
    if (place === undefined) return [];
    const selected = node.id === wish.selected;
    return [
      {
        ...flowAt(node.id, place, wish.restZoom, selected),
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
