import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { groupNodes, type GroupKey } from "../group.ts";
import { type Box, boxAround, type Point, type Size } from "./geometry.ts";
import { markSizes, marksMax, ringStep } from "./level.ts";

/** A group's ground. */
export interface Island extends Box {
  readonly key: string;
  readonly title: string;
  readonly count: number;
}

/** What clusters follow: cells of a size. */
export interface Grid {
  readonly cell: Size;
  /** Whether a cell is a group of its own, not to be cut, beginning at 0, 0; else the hub is in the
   * middle of one. */
  readonly whole: boolean;
}

/** Where everybody stands. */
export interface Arrangement {
  readonly places: ReadonlyMap<string, Point>;
  /** One for each group; none where the map is not grouped. */
  readonly islands: readonly Island[];
  readonly grid: Grid;
  /** How far neighbours stand apart. */
  readonly step: Size;
  /** Around everything that is shown. */
  readonly box: Box;
}

/** The hub's own room in the middle. */
const hubBox: Box = { x: 0, y: 0, width: 260, height: 160 };
const card = markSizes.card;
const emptyBox: Box = hubBox;

/** Everybody on the place that the server gave. */
export function atHome(nodes: readonly Node[]): Arrangement {
  const places = new Map<string, Point>();
  for (const { id, place } of nodes) {
    if (place !== undefined) places.set(id, { x: place.x, y: place.y });
  }
  const boxes = Array.from(places.values(), (place) => ({ ...place, ...card }));
  return {
    places,
    islands: [],
    grid: { cell: ringStep, whole: false },
    step: ringStep,
    box: boxAround([hubBox, ...boxes]) ?? emptyBox,
  };
}

/** From node to node on an island: closer than around the hub, for no link runs between them. */
const near: Size = { width: 264, height: 150 };
/** Around an island's nodes; the upper border bears the title. */
const padding = 40;
const titleRoom = 44;
const gap = 90;
/** As wide to its height as a page is. */
const aspect = 1.6;
/** As wide to its height as the mark of a cluster, with some air. */
const clusterAspect = 2.2;

/**
 * Everybody by group. A few nodes stand in rows as full as they come; of many, each group has a
 * cell of the same size, so that one mark may speak for it from afar.
 */
export function byGroup(nodes: readonly Node[], key: GroupKey): Arrangement {
  const even = nodes.length > marksMax;
  const groups = groupNodes(nodes, key).map((group) => ({
    ...group,
    columns: columnsFor(group.nodes.length, even ? clusterAspect : aspect),
  }));
  const sizes = groups.map(({ nodes: own, columns }) => islandSize(own.length, columns));
  const cell = largest(sizes);
  const spots = even ? inCells(sizes, cell) : inRows(sizes);
  const places = new Map<string, Point>();
  const islands = groups.map(({ key: own, title, nodes: members, columns }, at): Island => {
    const box = { ...(spots[at] ?? { x: 0, y: 0 }), ...(sizes[at] ?? near) };
    for (const [index, { id }] of members.entries()) places.set(id, spotOn(box, columns, index));
    return { key: own, title, count: members.length, ...box };
  });
  const box = boxAround(islands) ?? emptyBox;
  const grid = { cell: even ? wider(cell, gap) : near, whole: even };
  return { places, islands, grid, step: near, box };
}

function columnsFor(count: number, wide: number): number {
  return Math.max(1, Math.round(Math.sqrt((count * near.height * wide) / near.width)));
}

function islandSize(count: number, columns: number): Size {
  const rows = Math.ceil(count / columns);
  return {
    width: columns * near.width + 2 * padding,
    height: rows * near.height + 2 * padding + titleRoom,
  };
}

function spotOn({ x, y, width, height }: Box, columns: number, index: number): Point {
  const column = index % columns;
  const row = Math.floor(index / columns);
  return {
    x: x - width / 2 + padding + (column + 0.5) * near.width,
    y: y - height / 2 + padding + titleRoom + (row + 0.5) * near.height,
  };
}

function largest(sizes: readonly Size[]): Size {
  return {
    width: Math.max(near.width, ...sizes.map(({ width }) => width)),
    height: Math.max(near.height, ...sizes.map(({ height }) => height)),
  };
}

function wider({ width, height }: Size, by: number): Size {
  return { width: width + by, height: height + by };
}

/** A cell for each, row by row, each in the middle of its own. */
function inCells(sizes: readonly Size[], cell: Size): readonly Point[] {
  const { width, height } = wider(cell, gap);
  const columns = Math.max(1, Math.round(Math.sqrt((sizes.length * height * aspect) / width)));
  return sizes.map((_, index) => ({
    x: ((index % columns) + 0.5) * width,
    y: (Math.floor(index / columns) + 0.5) * height,
  }));
}

/** Row by row, as wide as what is in them asks for. */
function inRows(sizes: readonly Size[]): readonly Point[] {
  const area = sizes.reduce((sum, { width, height }) => sum + (width + gap) * (height + gap), 0);
  const widest = Math.max(...sizes.map(({ width }) => width), Math.sqrt(area * aspect));
  let [left, top, tallest] = [0, 0, 0];
  return sizes.map(({ width, height }) => {
    if (left > 0 && left + width > widest) [left, top, tallest] = [0, top + tallest + gap, 0];
    const spot = { x: left + width / 2, y: top + height / 2 };
    left += width + gap;
    tallest = Math.max(tallest, height);
    return spot;
  });
}
