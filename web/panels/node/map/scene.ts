import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { Arrangement } from "./arrangement.ts";
import type { Tie } from "../ties.ts";
import { type Bundle, bundleTies } from "./bundles.ts";
import { type Cluster, clusterNodes } from "./clusters.ts";
import { type Box, grown, isIn, type Point, type Size } from "./geometry.ts";
import { type Level, levelAt, marksMax, overscan } from "./level.ts";
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
  readonly arrangement: Arrangement;
  readonly nodes: readonly Node[];
  readonly ties: readonly Tie[];
  readonly viewport: Viewport;
  readonly frame: Size;
}

/** Chooses the level and what is in sight; lines come after, for they need to know both. */
export function sceneOf({ arrangement, nodes, ties, viewport, frame }: SceneWish): Scene {
  const { places, islands, grid } = arrangement;
  const level = levelAt(viewport.zoom, frame, nodes.length, arrangement.step);
  const sight = inSteps(viewport, frame);
  const seen = nodes.filter(({ id }) => isSeen(places.get(id), sight));
  const base = { level, arrangement, nodes, ties: [], hub: islands.length === 0 };
  if (level !== "cluster") {
    const single = seen.slice(0, marksMax);
    return { ...base, single, spots: places, clusters: [], bundles: [] };
  }
  const all = clusterNodes(nodes, places, grid, viewport.zoom);
  const clusters = all.filter(({ place }) => isIn(place, sight));
  const isOne = ({ nodes: own }: Cluster) => own.length === 1;
  return {
    ...base,
    single: clusters.filter(isOne).flatMap((cluster) => cluster.nodes),
    spots: spotsOf(clusters.filter(isOne)),
    clusters: clusters.filter((cluster) => !isOne(cluster)),
    bundles: bundleTies(ties, all),
  };
}

/** One alone in its cell stands where a cluster would, beside no other mark. */
function spotsOf(alone: readonly Cluster[]): ReadonlyMap<string, Point> {
  return new Map(alone.flatMap(({ nodes, place }) => nodes.map(({ id }) => [id, place] as const)));
}

function isSeen(place: Point | undefined, sight: Box): boolean {
  return place !== undefined && isIn(place, sight);
}

/** Sight in steps of the overscan: what is in it changes now and then, not with each pixel. */
function inSteps(viewport: Viewport, frame: Size): Box {
  const seen = seenIn(viewport, frame);
  const centre = centreOf(viewport);
  const snapped = (value: number, size: number) => {
    const grain = (size * (overscan - 1)) / 2;
    return Math.round(value / grain) * grain;
  };
  const middle = { x: snapped(centre.x, seen.width), y: snapped(centre.y, seen.height) };
  return grown({ ...seen, ...middle }, overscan);
}
