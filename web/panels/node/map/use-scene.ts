import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { useMemo, useState } from "react";
import type { GroupKey } from "../group.ts";
import type { Tie } from "../ties.ts";
import { type Arrangement, atHome, byGroup } from "./arrangement.ts";
import { type Cluster, clusterNodes, keptClusters } from "./clusters.ts";
import { pointOn } from "./curve.ts";
import { type Box, boxAround, type Size } from "./geometry.ts";
import { keeper } from "./keeper.ts";
import { type Level, levelAt, markSizes, sizeIn } from "./level.ts";
import { type Scene, sceneOf, sightOf } from "./scene.ts";
import { drawTies, isNear } from "./tie-lines.tsx";
import type { Viewport } from "./viewport.ts";

/** Where everybody stands; the same as long as nobody comes, leaves or changes the group. */
export function useArrangement(nodes: readonly Node[], group: GroupKey | undefined): Arrangement {
  const placed = useMemo(
    () => (group === undefined ? atHome(nodes) : byGroup(nodes, group)),
    [nodes, group],
  );
  // Heartbeats make new lists of the same nodes; what is equal stays the same object.
  return useSame(
    placed,
    useMemo(() => textOf(placed), [placed]),
  );
}

interface Told<Value> {
  readonly value: Value;
  readonly text: string;
}

function firstOf<Value>(before: Told<Value> | undefined, next: Told<Value>): Told<Value> {
  return before?.text === next.text ? before : next;
}

/** The first of all that were told by the same text. */
function useSame<Value>(value: Value, text: string): Value {
  const [same] = useState(() => keeper<Told<Value>>(firstOf));
  return same({ value, text }).value;
}

function textOf({ places, islands }: Arrangement): string {
  let text = islands.map(({ title, count }) => `${title} ${count}`).join("\n");
  for (const [id, { x, y }] of places) text += `${id} ${x} ${y};`;
  return text;
}

/** So few nodes have room for what ties them, which bows far out. */
const roomyMax = 24;
/** What stands on the middle of a tie, and some room. */
const labelRoom = { width: 130, height: 44 };

/** What is shown when everything is to be seen: the nodes, and the ties that bow around them. */
export function useFitBox({ places, box }: Arrangement, ties: readonly Tie[]): Box {
  return useMemo(() => {
    if (places.size > roomyMax) return box;
    const drawn = drawTies(ties, places, markSizes.card, undefined);
    const outer = drawn.map(({ curve }) => ({ ...pointOn(curve, 0.5), ...labelRoom }));
    return boxAround([box, ...outer]) ?? box;
  }, [places, box, ties]);
}

interface SceneParts {
  readonly arrangement: Arrangement;
  readonly nodes: readonly Node[];
  readonly ties: readonly Tie[];
  readonly viewport: Viewport;
  readonly frame: Size;
  /** The chosen tie. */
  readonly tie: string | undefined;
  /** The node whose ties are drawn where all would be a tangle. */
  readonly near: string | undefined;
}

/** What the frame shows now; the same object while a move shows nothing new. */
export function useScene(parts: SceneParts): Scene {
  const { arrangement, nodes, ties, viewport, frame } = parts;
  const { zoom } = viewport;
  const level = levelAt(zoom, frame, nodes.length, arrangement.step);
  const next = sightOf(viewport, frame);
  const sight = useSame(next, `${next.x} ${next.y} ${next.width} ${next.height}`);
  const clusters = useClusters(level, parts);
  const scene = useMemo(
    () => sceneOf({ level, arrangement, nodes, ties, clusters, sight }),
    [level, arrangement, nodes, ties, clusters, sight],
  );
  const drawn = useDrawnTies(scene, parts);
  return useMemo(() => ({ ...scene, ties: drawn }), [scene, drawn]);
}

const nobody: readonly Cluster[] = [];

/** All clusters; those where nothing changed are the same objects. */
function useClusters(level: Level, parts: SceneParts): readonly Cluster[] {
  const { nodes, arrangement, viewport } = parts;
  const [kept] = useState(() => keeper(keptClusters));
  const next = useMemo(
    () =>
      level === "cluster"
        ? clusterNodes(nodes, arrangement.places, arrangement.grid, viewport.zoom)
        : nobody,
    [level, nodes, arrangement, viewport.zoom],
  );
  return useMemo(() => kept(next), [kept, next]);
}

/** Among so many dots all ties can still be followed by eye. */
const tiedDotsMax = 24;

function useDrawnTies({ level, single }: Scene, parts: SceneParts): Scene["ties"] {
  const { ties, arrangement, viewport, tie, near } = parts;
  const all = useMemo(() => {
    if (level === "cluster") return [];
    const mark = sizeIn(level, viewport.zoom, arrangement.step);
    const inSight = new Set(single.map(({ id }) => id));
    const wanted = ties.filter(({ fromId, toId }) => inSight.has(fromId) || inSight.has(toId));
    return drawTies(wanted, arrangement.places, mark, tie);
  }, [level, single, ties, arrangement, viewport.zoom, tie]);
  const isFew = level !== "dot" || single.length <= tiedDotsMax;
  return useMemo(
    () => (isFew ? all : all.filter((each) => each.chosen || isNear(each, near))),
    [all, isFew, near],
  );
}
