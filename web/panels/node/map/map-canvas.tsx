import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useLags } from "../../sync/lag-store.ts";
import type { Size } from "./geometry.ts";
import { overscan } from "./level.ts";
import { markFrame } from "./marks.ts";
import type { LookOf } from "./mark-look.ts";
import { paint, type Picture } from "./paint.ts";
import { usePalette } from "./palette.ts";
import type { Scene } from "./scene.ts";
import type { Viewport } from "./viewport.ts";

interface MapCanvasProps {
  readonly scene: Scene;
  readonly viewport: Viewport;
  readonly frame: Size;
  readonly lookOf: LookOf;
  readonly found: ReadonlySet<string> | undefined;
  readonly near: string | undefined;
}

const systemFace = "ui-sans-serif, system-ui, sans-serif";

/** The whole map as a picture: there at once however many nodes; buttons come over it. */
export function MapCanvas({ viewport, frame, ...parts }: MapCanvasProps) {
  const { scene, lookOf, found, near } = parts;
  const ref = useRef<HTMLCanvasElement>(null);
  const palette = usePalette();
  const { late } = useLags();
  const face = useLetters() ? `"Geist Variable", ${systemFace}` : systemFace;
  const picture = useMemo(
    () => ({ scene, lookOf, found, near, palette, late, face }),
    [scene, lookOf, found, near, palette, late, face],
  );
  usePainted(ref, picture, viewport, frame);
  return <canvas aria-hidden="true" className="absolute max-w-none" ref={ref} />;
}

interface Painted {
  readonly picture: Picture;
  readonly viewport: Viewport;
  readonly frame: Size;
}

/**
 * Paints more than the frame shows, so that most moves only shift what is painted: five thousand
 * specks are painted now and then, not with each pixel of a drag.
 */
function usePainted(
  ref: RefObject<HTMLCanvasElement | null>,
  picture: Picture,
  viewport: Viewport,
  frame: Size,
): void {
  const painted = useRef<Painted>(undefined);
  useLayoutEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext("2d");
    if (!canvas || !context) return;
    const next = { picture, viewport, frame };
    if (!isWithin(painted.current, next)) {
      paintAll(canvas, context, next);
      painted.current = next;
      markFrame();
    }
    const shown = painted.current?.viewport ?? viewport;
    canvas.style.transform = `translate(${viewport.x - shown.x}px, ${viewport.y - shown.y}px)`;
  }, [ref, picture, viewport, frame]);
}

/** Whether what is painted shows all of the next frame, only shifted. */
function isWithin(painted: Painted | undefined, next: Painted): boolean {
  if (painted === undefined || painted.picture !== next.picture) return false;
  if (painted.frame !== next.frame || painted.viewport.zoom !== next.viewport.zoom) return false;
  const { width, height } = edgeOf(next.frame);
  return (
    Math.abs(next.viewport.x - painted.viewport.x) <= width &&
    Math.abs(next.viewport.y - painted.viewport.y) <= height
  );
}

/** What is painted beyond each border. */
function edgeOf({ width, height }: Size): Size {
  return {
    width: Math.round((width * (overscan - 1)) / 2),
    height: Math.round((height * (overscan - 1)) / 2),
  };
}

function paintAll(
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  { picture, viewport, frame }: Painted,
): void {
  const edge = edgeOf(frame);
  const whole = { width: frame.width + 2 * edge.width, height: frame.height + 2 * edge.height };
  const ratio = devicePixelRatio;
  const [width, height] = [Math.round(whole.width * ratio), Math.round(whole.height * ratio)];
  // Setting a size clears the canvas, even the same one.
  if (canvas.width !== width || canvas.height !== height) {
    [canvas.width, canvas.height] = [width, height];
    const { style } = canvas;
    [style.width, style.height] = [`${whole.width}px`, `${whole.height}px`];
    [style.left, style.top] = [`${-edge.width}px`, `${-edge.height}px`];
  }
  paint({ ...picture, context, viewport }, whole, ratio);
}

/** Turns true when the typeface is here: what was painted before has other letters. */
function useLetters(): boolean {
  const [here, setHere] = useState(() => document.fonts.status === "loaded");
  useEffect(() => {
    let gone = false;
    void document.fonts.ready.then(() => gone || setHere(true));
    return () => {
      gone = true;
    };
  }, []);
  return here;
}
