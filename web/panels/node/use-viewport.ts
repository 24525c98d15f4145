import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Point } from "./layout.ts";
import { fit, panBy, reveal, type Size, type Viewport, zoomAt } from "./viewport.ts";

/** The viewport and the ways to change it. */
export interface ViewportControl {
  readonly viewport: Viewport;
  /** Whether somebody moved it; until then it follows what there is. */
  readonly moved: boolean;
  /** Whether it is being dragged, so that nothing glides. */
  readonly dragging: boolean;
  readonly zoom: (factor: number) => void;
  readonly fitAll: () => void;
  readonly bring: (place: Point, room: Size) => void;
}

const wheelSpeed = 0.0016;

/** Fits everything until somebody drags or zooms; the wheel zooms at the cursor. */
export function useViewport(
  ref: RefObject<HTMLElement | null>,
  bounds: Size,
  frame: Size,
): ViewportControl {
  const [own, setOwn] = useState<Viewport>();
  const [dragging, setDragging] = useState(false);
  const viewport = own ?? fit(bounds, frame);
  // What listeners read: they live longer than one drawing.
  const current = useRef(viewport);
  useLayoutEffect(() => {
    current.current = viewport;
  });
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const change = (next: Viewport) => {
      current.current = next;
      setOwn(next);
    };
    return listen(element, () => current.current, change, setDragging);
  }, [ref]);
  return {
    viewport,
    moved: own !== undefined,
    dragging,
    zoom: (factor) => setOwn(zoomAt(current.current, { x: 0, y: 0 }, factor)),
    fitAll: () => setOwn(undefined),
    bring: (place, room) => {
      const next = reveal(current.current, place, room, frame);
      if (next.x !== current.current.x || next.y !== current.current.y) setOwn(next);
    },
  };
}

function listen(
  element: HTMLElement,
  read: () => Viewport,
  change: (next: Viewport) => void,
  drag: (dragging: boolean) => void,
): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  element.addEventListener("wheel", wheel, { signal, passive: false });
  element.addEventListener("pointerdown", down, { signal });
  function wheel(event: WheelEvent) {
    event.preventDefault();
    const box = element.getBoundingClientRect();
    const x = event.clientX - box.left - box.width / 2;
    const y = event.clientY - box.top - box.height / 2;
    change(zoomAt(read(), { x, y }, Math.exp(-event.deltaY * wheelSpeed)));
  }
  function down(event: PointerEvent) {
    if (event.button !== 0 || (event.target as Element).closest("button,a")) return;
    element.setPointerCapture(event.pointerId);
    drag(true);
    const moving = new AbortController();
    const move = (moved: PointerEvent) => change(panBy(read(), moved.movementX, moved.movementY));
    const up = () => {
      drag(false);
      moving.abort();
    };
    const until = { signal: AbortSignal.any([signal, moving.signal]) };
    element.addEventListener("pointermove", move, until);
    element.addEventListener("pointerup", up, until);
    element.addEventListener("pointercancel", up, until);
  }
  return () => ending.abort();
}
