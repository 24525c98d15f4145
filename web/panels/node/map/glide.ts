import { prefersStillness } from "../../../parts/still.ts";
import type { Viewport } from "./viewport.ts";

const glideMs = 220;

/** Goes from one viewport to another, at once where people want stillness; returns how to stop. */
export function glide(from: Viewport, to: Viewport, show: (next: Viewport) => void): () => void {
  if (prefersStillness()) {
    show(to);
    return () => {};
  }
  let startMs: number | undefined;
  let frame = requestAnimationFrame(step);
  function step(nowMs: number): void {
    startMs ??= nowMs;
    const part = Math.min(1, (nowMs - startMs) / glideMs);
    show(part === 1 ? to : between(from, to, 1 - (1 - part) ** 3));
    if (part < 1) frame = requestAnimationFrame(step);
  }
  return () => cancelAnimationFrame(frame);
}

/** Zooms evenly to the eye, with the middle on a straight way. */
function between(from: Viewport, to: Viewport, part: number): Viewport {
  const zoom = from.zoom * (to.zoom / from.zoom) ** part;
  const mix = (one: number, other: number) => one + (other - one) * part;
  return {
    x: mix(from.x / from.zoom, to.x / to.zoom) * zoom,
    y: mix(from.y / from.zoom, to.y / to.zoom) * zoom,
    zoom,
  };
}
