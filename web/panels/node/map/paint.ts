import type { Size } from "./geometry.ts";
import { paintBundles, paintClusterLinks, paintLinks, paintTies } from "./paint-lines.ts";
import { paintIslands, paintMarks, paintSpecks } from "./paint-marks.ts";
import { paintLate } from "./paint-late.ts";
import type { Palette } from "./palette.ts";
import type { LookOf } from "./mark-look.ts";
import type { Scene } from "./scene.ts";
import type { Viewport } from "./viewport.ts";

/** What is to be painted, wherever one looks at it from. */
export interface Picture {
  readonly scene: Scene;
  readonly palette: Palette;
  readonly lookOf: LookOf;
  /** Those that a search found; undefined where nothing is searched. */
  readonly found: ReadonlySet<string> | undefined;
  /** The node or cluster that is pointed at, or has the focus. */
  readonly near: string | undefined;
  /** Whose copies of what is synced are late. */
  readonly late: ReadonlySet<string>;
  /** The typeface, as CSS lists it. */
  readonly face: string;
}

/** What all painters need. */
export interface Brush extends Picture {
  readonly context: CanvasRenderingContext2D;
  readonly viewport: Viewport;
}

/** Paints a whole frame; `ratio` is how many dots of the screen a pixel of the page has. */
export function paint(brush: Brush, frame: Size, ratio: number): void {
  const { context, scene, viewport } = brush;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, frame.width, frame.height);
  context.translate(frame.width / 2 + viewport.x, frame.height / 2 + viewport.y);
  context.scale(viewport.zoom, viewport.zoom);
  paintIslands(brush);
  if (scene.level === "cluster") {
    if (scene.hub) paintClusterLinks(brush);
    paintSpecks(brush);
    paintBundles(brush);
  } else if (scene.hub) {
    paintLinks(brush);
    paintLate(brush);
  }
  paintTies(brush);
  paintMarks(brush);
}
