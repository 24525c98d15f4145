import { type Node, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { lookOf, shownStates } from "../state.ts";
import { curveBetween } from "./curve.ts";
import type { Point } from "./geometry.ts";
import type { Level } from "./level.ts";
import type { Brush } from "./paint.ts";
import { tokenOf } from "./palette.ts";
import { isNear, isSchema } from "./tie-lines.tsx";

/** A line's pattern says the state as much as its colour does; in pixels of the screen. */
const dashes: Partial<Record<NodeState, readonly number[]>> = {
  [NodeState.DEGRADED]: [12, 5],
  [NodeState.OFFLINE]: [3, 7],
  [NodeState.MAINTENANCE]: [1, 6],
  [NodeState.RETIRED]: [1, 10],
};

/** The more lines there are, the fainter each. */
const widths: Readonly<Record<Level, number>> = { card: 1.5, chip: 1.1, dot: 0.9, cluster: 1 };
const shades: Readonly<Record<Level, number>> = { card: 0.7, chip: 0.4, dot: 0.28, cluster: 0.5 };

/** The links to the hub: one path for each state, so that a hundred cost as much as five. */
export function paintLinks(brush: Brush): void {
  const { context, scene, viewport, palette } = brush;
  const { zoom } = viewport;
  context.lineCap = "round";
  context.lineWidth = widths[scene.level] / zoom;
  for (const state of shownStates) {
    const own = scene.single.filter((node) => node.state === state);
    if (own.length === 0) continue;
    context.globalAlpha = shades[scene.level];
    context.strokeStyle = palette[tokenOf(lookOf(state).text)];
    context.setLineDash((dashes[state] ?? []).map((length) => length / zoom));
    context.stroke(raysTo(brush, own));
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
}

function raysTo({ scene, found }: Brush, nodes: readonly Node[]): Path2D {
  const path = new Path2D();
  for (const { id } of nodes) {
    const place = scene.spots.get(id);
    if (place === undefined || found?.has(id) === false) continue;
    path.moveTo(0, 0);
    path.lineTo(place.x, place.y);
  }
  return path;
}

/** One link for each cluster; the more stand behind it, the wider. */
export function paintClusterLinks({ context, scene, viewport, palette }: Brush): void {
  context.strokeStyle = palette["line-strong"];
  context.globalAlpha = shades.cluster;
  for (const { place, nodes } of scene.clusters) {
    context.lineWidth = (0.75 + Math.log2(nodes.length) / 3) / viewport.zoom;
    context.beginPath();
    context.moveTo(0, 0);
    context.lineTo(place.x, place.y);
    context.stroke();
  }
  context.globalAlpha = 1;
}

const bundleShade = 0.7;

/** One curve for all ties of the cluster that has the focus to another; the more, the wider. */
export function paintBundles({ context, scene, viewport, palette, near }: Brush): void {
  context.strokeStyle = palette.tie;
  context.globalAlpha = bundleShade;
  for (const { from, to, count, ends } of scene.bundles) {
    if (near === undefined || !ends.includes(near)) continue;
    const { start, control, end } = curveBetween(from, to, { width: 0, height: 0 });
    context.lineWidth = (0.75 + Math.log2(count + 1) / 2) / viewport.zoom;
    context.beginPath();
    context.moveTo(start.x, start.y);
    context.quadraticCurveTo(control.x, control.y, end.x, end.y);
    context.stroke();
  }
  context.globalAlpha = 1;
}

const tieWidth = 1.75;
const tieShades: Readonly<Record<Level, number>> = { card: 0.8, chip: 0.5, dot: 0.7, cluster: 0.5 };
const arrowLength = 9;

/** The ties as curves: dashed with an arrow for one on another, dotted for what both share. */
export function paintTies({ context, scene, viewport, palette, near }: Brush): void {
  const { zoom } = viewport;
  context.lineCap = "round";
  for (const { tie, curve, chosen } of scene.ties) {
    const token = isSchema(tie.kind) ? "schema" : "tie";
    context.strokeStyle = palette[token];
    context.fillStyle = palette[token];
    context.globalAlpha = chosen || isNear({ tie }, near) ? 1 : tieShades[scene.level];
    context.lineWidth = (chosen ? 3 : tieWidth) / zoom;
    context.setLineDash((tie.mutual ? [1, 6] : [7, 5]).map((length) => length / zoom));
    context.beginPath();
    context.moveTo(curve.start.x, curve.start.y);
    context.quadraticCurveTo(curve.control.x, curve.control.y, curve.end.x, curve.end.y);
    context.stroke();
    if (!tie.mutual) paintArrow(context, curve.control, curve.end, arrowLength / zoom);
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function paintArrow(
  context: CanvasRenderingContext2D,
  from: Point,
  tip: Point,
  length: number,
): void {
  const angle = Math.atan2(tip.y - from.y, tip.x - from.x);
  context.beginPath();
  context.moveTo(tip.x, tip.y);
  for (const side of [-1, 1]) {
    const turned = angle + Math.PI + side * 0.42;
    context.lineTo(tip.x + Math.cos(turned) * length, tip.y + Math.sin(turned) * length);
  }
  context.fill();
}
