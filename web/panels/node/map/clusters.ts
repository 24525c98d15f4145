import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { Grid } from "./arrangement.ts";
import type { Point, Size } from "./geometry.ts";
import { markSizes } from "./level.ts";

/** Nodes that stand so near to each other that one mark speaks for all. */
export interface Cluster {
  /** The same as long as the same cell of the same grid is meant. */
  readonly key: string;
  /** Where its mark stands. */
  readonly place: Point;
  readonly nodes: readonly Node[];
}

/** How many cells of the grid go into one cluster; few steps, so that zooming is calm. */
const factors = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 32, 48, 64, 96];
const air = 18;
/** Between the marks of groups, whose islands part them already. */
const islandAir = 6;

/**
 * Gathers nodes by the cells of a grid that is coarse enough for the marks to stand apart. Cells
 * belong to the world and not to the screen: moving the map changes no cluster.
 */
export function clusterNodes(
  nodes: readonly Node[],
  places: ReadonlyMap<string, Point>,
  grid: Grid,
  zoom: number,
): readonly Cluster[] {
  const cell = cellAt(grid, zoom);
  const gathered = new Map<string, { column: number; row: number; nodes: Node[]; sum: Point }>();
  for (const node of nodes) {
    const place = places.get(node.id);
    if (place === undefined) continue;
    const { column, row } = cellOf(place, cell, grid.whole);
    const key = `${cell.width}x${cell.height}.${column}.${row}`;
    const known = gathered.get(key) ?? { column, row, nodes: [], sum: { x: 0, y: 0 } };
    known.nodes.push(node);
    known.sum = { x: known.sum.x + place.x, y: known.sum.y + place.y };
    gathered.set(key, known);
  }
  const half = grid.whole ? 0.5 : 0;
  const free = slack(cell, zoom);
  return Array.from(gathered, ([key, { column, row, nodes: own, sum }]) => ({
    key,
    nodes: own,
    place: {
      x: within(sum.x / own.length, (column + half) * cell.width, free.width),
      y: within(sum.y / own.length, (row + half) * cell.height, free.height),
    },
  }));
}

interface CellIndex {
  readonly column: number;
  readonly row: number;
}

/** The cell of a place. The one in the middle is the hub's: its nodes go to those above or below. */
function cellOf({ x, y }: Point, cell: Size, whole: boolean): CellIndex {
  if (whole) return { column: Math.floor(x / cell.width), row: Math.floor(y / cell.height) };
  const column = Math.round(x / cell.width);
  const row = Math.round(y / cell.height);
  return column === 0 && row === 0 ? { column, row: y < 0 ? -1 : 1 } : { column, row };
}

/** The cell of the grid at a zoom: large enough on the screen for a mark and some air. */
function cellAt({ cell, whole }: Grid, zoom: number): Size {
  const steps = whole ? factors.filter(Number.isInteger) : factors;
  const between = whole ? islandAir : air;
  const fitting = (own: number, room: number) =>
    own * (steps.find((factor) => own * factor * zoom >= room + between) ?? steps.at(-1) ?? 1);
  const { width, height } = markSizes.cluster;
  return { width: fitting(cell.width, width), height: fitting(cell.height, height) };
}

/** How far a mark may be off the middle of its cell without reaching into the next. */
function slack(cell: Size, zoom: number): Size {
  return {
    width: Math.max(0, cell.width - (markSizes.cluster.width + air) / zoom) / 2,
    height: Math.max(0, cell.height - (markSizes.cluster.height + air) / zoom) / 2,
  };
}

function within(value: number, middle: number, reach: number): number {
  return Math.min(middle + reach, Math.max(middle - reach, value));
}

/** The clusters as they were where neither their nodes nor their places changed. */
export function keptClusters(
  before: readonly Cluster[] | undefined,
  next: readonly Cluster[],
): readonly Cluster[] {
  const known = new Map(before?.map((cluster) => [cluster.key, cluster]));
  return next.map((cluster) => {
    const old = known.get(cluster.key);
    return old !== undefined && isSame(old, cluster) ? old : cluster;
  });
}

function isSame(one: Cluster, other: Cluster): boolean {
  return (
    one.place.x === other.place.x &&
    one.place.y === other.place.y &&
    one.nodes.length === other.nodes.length &&
    one.nodes.every((node, at) => node === other.nodes[at])
  );
}
