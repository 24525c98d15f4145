import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { Tie } from "../ties.ts";
import type { Arrangement } from "./arrangement.ts";
import { type Bundle, bundleTies } from "./bundles.ts";
import type { Cluster } from "./clusters.ts";
import { type Box, grown, isIn, type Point, type Size } from "./geometry.ts";
import { type Level, marksMax, overscan } from "./level.ts";
import type { DrawnTie } from "./tie-lines.tsx";
import { centreOf, seenIn, type Viewport } from "./viewport.ts";

/** What a frame shows. */
export interface Scene {
  readonly level: Level;
  readonly arrangement: Arrangement;
  /** All that are shown anywhere. */
  readonly nodes: readonly Node[];
  /** Those in sight that have a mark of their own. */
  readonly single: readonly Node[];
  /** Where the marks of those stand. */
  readonly spots: ReadonlyMap<string, Point>;
  /** Those in sight that share a mark. */
  readonly clusters: readonly Cluster[];
  readonly ties: readonly DrawnTie[];
  /** What ties clusters to each other. */
  readonly bundles: readonly Bundle[];
  /** Whether the hub is in the middle, with a link to each. */
  readonly hub: boolean;
}

/** What a scene is made from. */
export interface SceneWish {
  readonly level: Level;
  readonly arrangement: Arrangement;
  readonly nodes: readonly Node[];
  readonly ties: readonly Tie[];
  /** All clusters, in sight or not. */
  readonly clusters: readonly Cluster[];
  readonly sight: Box;
}

/** Chooses what is in sight; single ties come after, for they need to know what is. */
export function sceneOf(wish: SceneWish): Scene {
  const { level, arrangement, nodes, sight } = wish;
  const { places, islands } = arrangement;
  const base = { level, arrangement, nodes, ties: [], hub: islands.length === 0 };
  if (level !== "cluster") {
    const single = nodes.filter(({ id }) => isSeen(places.get(id), sight)).slice(0, marksMax);
    return { ...base, single, spots: places, clusters: [], bundles: [] };
  }
  const seen = wish.clusters.filter(({ place }) => isIn(place, sight));
  const alone = seen.filter(isAlone);
  return {
    ...base,
    single: alone.flatMap((cluster) => cluster.nodes),
    spots: spotsOf(alone),
    clusters: seen.filter((cluster) => !isAlone(cluster)),
    bundles: bundleTies(wish.ties, wish.clusters),
  };
}

function isAlone({ nodes }: Cluster): boolean {
  return nodes.length === 1;
}

/** One alone in its cell stands where a cluster would, beside no other mark. */
function spotsOf(alone: readonly Cluster[]): ReadonlyMap<string, Point> {
  return new Map(alone.flatMap(({ nodes, place }) => nodes.map(({ id }) => [id, place] as const)));
}

function isSeen(place: Point | undefined, sight: Box): boolean {
  return place !== undefined && isIn(place, sight);
}

/** What a frame sees and a little more, in steps: it changes now and then, not with each pixel. */
export function sightOf(viewport: Viewport, frame: Size): Box {
  const seen = seenIn(viewport, frame);
  const centre = centreOf(viewport);
  const snapped = (value: number, size: number) => {
    const grain = (size * (overscan - 1)) / 2;
    return grain === 0 ? value : Math.round(value / grain) * grain;
  };
  const middle = { x: snapped(centre.x, seen.width), y: snapped(centre.y, seen.height) };
  return grown({ ...seen, ...middle }, overscan);
}
