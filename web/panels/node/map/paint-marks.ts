import { clip } from "../../../parts/measure.ts";
import { iconPath, type IconName } from "../../../parts/icon.tsx";
import type { Point } from "./geometry.ts";
import { markSizes, sizeIn } from "./level.ts";
import type { MarkLook } from "./mark-look.ts";
import type { Brush } from "./paint.ts";
import { tokenOf } from "./palette.ts";

const dimmed = 0.25;

/** Titles are left out where an island is smaller than that on the screen. */
const titledMin = 90;

/** The ground of each group, with its name where there is room for it. */
export function paintIslands({ context, scene, viewport, palette, face }: Brush): void {
  const { zoom } = viewport;
  for (const { x, y, width, height, title, count } of scene.arrangement.islands) {
    context.beginPath();
    context.roundRect(x - width / 2, y - height / 2, width, height, 14 / Math.max(zoom, 0.2));
    context.fillStyle = palette.surface;
    context.strokeStyle = palette.line;
    context.lineWidth = 1 / zoom;
    context.fill();
    context.stroke();
    if (scene.level === "cluster" || width * zoom < titledMin) continue;
    context.font = `600 ${13 / zoom}px ${face}`;
    context.fillStyle = palette.muted;
    context.textBaseline = "top";
    const letters = Math.max(4, Math.floor((width * zoom - 40) / 8));
    // Isolated, so that no title turns the count around.
    const text = `\u2068${clip(title, letters)}\u2069  ${count}`;
    context.fillText(text, x - width / 2 + 14 / zoom, y - height / 2 + 12 / zoom);
  }
}

const speck = 4.4;

/** Every node as a speck under the clusters: how dense it is, and where it is not well. */
export function paintSpecks(brush: Brush): void {
  const { context, scene, viewport, palette, found } = brush;
  const size = speck / viewport.zoom;
  const drawn = new Map<string, Point[]>();
  for (const node of scene.nodes) {
    const place = scene.arrangement.places.get(node.id);
    if (place === undefined || found?.has(node.id) === false) continue;
    const colour = palette[tokenOf(brush.lookOf(node).text)];
    const own = drawn.get(colour);
    if (own === undefined) drawn.set(colour, [place]);
    else own.push(place);
  }
  context.globalAlpha = 0.55;
  for (const [colour, places] of drawn) {
    context.fillStyle = colour;
    for (const { x, y } of places) context.fillRect(x - size / 2, y - size / 2, size, size);
  }
  context.globalAlpha = 1;
}

/** A mark for each node that has one of its own; real buttons are laid over them. */
export function paintMarks(brush: Brush): void {
  const { scene, lookOf, found, context } = brush;
  for (const node of scene.single) {
    const place = scene.spots.get(node.id);
    if (place === undefined) continue;
    context.globalAlpha = found?.has(node.id) === false ? dimmed : 1;
    const mark = { name: node.name, look: lookOf(node), place };
    if (scene.level === "card") paintCard(brush, mark);
    else if (scene.level === "dot") paintDot(brush, mark);
    else paintChip(brush, mark);
  }
  context.globalAlpha = 1;
}

interface Mark {
  readonly name: string;
  readonly look: MarkLook;
  readonly place: Point;
}

function paintCard({ context, palette, face }: Brush, { name, look, place }: Mark): void {
  const { width, height } = markSizes.card;
  const [left, top] = [place.x - width / 2, place.y - height / 2];
  const colour = palette[tokenOf(look.text)];
  context.beginPath();
  context.roundRect(left, top, width, height, 12);
  context.fillStyle = palette.raised;
  context.fill();
  context.save();
  context.clip();
  context.fillStyle = colour;
  context.fillRect(left, top, 4, height);
  context.restore();
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.stroke();
  paintIcon(context, look.icon, { x: left + 25, y: top + 23 }, 18, colour);
  context.textBaseline = "middle";
  context.fillStyle = palette.ink;
  context.font = `600 13px ${face}`;
  context.fillText(clip(name, 18), left + 42, top + 23);
}

function paintChip(
  { context, palette, viewport, scene, face }: Brush,
  { name, look, place }: Mark,
): void {
  const { zoom } = viewport;
  const { width, height } = sizeIn("chip", zoom, scene.arrangement.step);
  const colour = palette[tokenOf(look.text)];
  context.beginPath();
  context.roundRect(place.x - width / 2, place.y - height / 2, width, height, 8 / zoom);
  context.fillStyle = palette.raised;
  context.strokeStyle = colour;
  context.lineWidth = 1 / zoom;
  context.fill();
  context.stroke();
  const left = place.x - width / 2;
  paintIcon(context, look.icon, { x: left + 15 / zoom, y: place.y }, 13 / zoom, colour);
  context.textBaseline = "middle";
  context.fillStyle = palette.ink;
  context.font = `500 ${11 / zoom}px ${face}`;
  context.fillText(clip(name, Math.floor((width * zoom - 34) / 5.9)), left + 26 / zoom, place.y);
}

function paintDot({ context, palette, viewport, scene }: Brush, { look, place }: Mark): void {
  const { width } = sizeIn("dot", viewport.zoom, scene.arrangement.step);
  const colour = palette[tokenOf(look.text)];
  context.beginPath();
  context.arc(place.x, place.y, width / 2, 0, 2 * Math.PI);
  context.fillStyle = palette.raised;
  context.fill();
  paintIcon(context, look.icon, place, width, colour);
}

/** Icons are drawn on 16 x 16. */
const iconGrid = 16;

function paintIcon(
  context: CanvasRenderingContext2D,
  name: IconName,
  middle: Point,
  size: number,
  colour: string,
): void {
  const scale = size / iconGrid;
  context.save();
  context.translate(middle.x - size / 2, middle.y - size / 2);
  context.scale(scale, scale);
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.stroke(shapeOf(name));
  context.restore();
}

const shapes = new Map<IconName, Path2D>();

function shapeOf(name: IconName): Path2D {
  const known = shapes.get(name) ?? new Path2D(iconPath(name));
  shapes.set(name, known);
  return known;
}
