import type { Point } from "./geometry.ts";
import type { Brush } from "./paint.ts";

/** In pixels of the screen. */
const lineWidth = 3;
const dash = [2, 6];
const half = 6;
/** Where on its line the mark stands: clear of the hub, of most names, and of the figure. */
const along = 0.62;

/** The links of those whose copies are late: a second line over the first, and a mark on it. */
export function paintLate(brush: Brush): void {
  const { context, scene, viewport, palette, late } = brush;
  if (late.size === 0) return;
  const own = scene.single.filter(({ id }) => late.has(id));
  const spots = own.flatMap(({ id }) => scene.spots.get(id) ?? []);
  const unit = 1 / viewport.zoom;
  context.strokeStyle = palette.degraded;
  context.lineWidth = lineWidth * unit;
  context.setLineDash(dash.map((length) => length * unit));
  for (const { x, y } of spots) {
    context.beginPath();
    context.moveTo(0, 0);
    context.lineTo(x, y);
    context.stroke();
  }
  context.setLineDash([]);
  // On a card's line stands its figure, which says the same in words.
  if (scene.level !== "card") for (const spot of spots) paintMark(brush, spot, unit);
}

/** A triangle, as the sign of everything that is not as it should be. */
function paintMark({ context, palette }: Brush, { x, y }: Point, unit: number): void {
  const [left, top, size] = [x * along, y * along, half * unit];
  context.beginPath();
  context.moveTo(left, top - size);
  context.lineTo(left + size, top + size);
  context.lineTo(left - size, top + size);
  context.closePath();
  context.fillStyle = palette.ground;
  context.fill();
  context.lineWidth = 1.5 * unit;
  context.stroke();
}
