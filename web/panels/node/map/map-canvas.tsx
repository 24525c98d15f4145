import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Size } from "./geometry.ts";
import { markFrame } from "./marks.ts";
import type { LookOf } from "./mark-look.ts";
import { paint } from "./paint.ts";
import { usePalette } from "./palette.ts";
import type { Scene } from "./scene.ts";
import type { Viewport } from "./viewport.ts";

const systemFace = "ui-sans-serif, system-ui, sans-serif";

interface MapCanvasProps {
  readonly scene: Scene;
  readonly viewport: Viewport;
  readonly frame: Size;
  readonly lookOf: LookOf;
  readonly found: ReadonlySet<string> | undefined;
  readonly near: string | undefined;
}

/** The whole map as a picture: there at once however many nodes; buttons come over it. */
export function MapCanvas(props: MapCanvasProps) {
  const { scene, viewport, frame, lookOf, found, near } = props;
  const ref = useRef<HTMLCanvasElement>(null);
  const palette = usePalette();
  const isLettered = useLetters();
  useLayoutEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext("2d");
    if (!canvas || !context) return;
    const ratio = devicePixelRatio;
    const width = Math.round(frame.width * ratio);
    const height = Math.round(frame.height * ratio);
    // Setting a size clears the canvas, even the same one.
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const face = isLettered ? `"Geist Variable", ${systemFace}` : systemFace;
    paint({ context, scene, viewport, palette, lookOf, found, near, face }, frame, ratio);
    markFrame();
  }, [scene, viewport, frame, palette, lookOf, found, near, isLettered]);
  return <canvas aria-hidden="true" className="absolute inset-0 size-full" ref={ref} />;
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
