import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { after } from "../../../parts/clock.ts";
import { partText, type SeenPart } from "../view.ts";
import type { Box, Point, Size } from "./geometry.ts";
import { glide } from "./glide.ts";
import { centredOn, centreOf, fit, reveal, type Viewport, zoomAt } from "./viewport.ts";

/** The viewport and the ways to change it. */
export interface ViewportControl {
  readonly viewport: Viewport;
  /** Follows the hand: at once. */
  readonly move: (next: Viewport) => void;
  readonly zoom: (factor: number) => void;
  /** Shows all, and goes on showing all as more comes. */
  readonly fitAll: () => void;
  readonly open: (box: Box) => void;
  readonly bring: (place: Point, room: Size) => void;
}

interface Wish {
  /** Around everything that is shown. */
  readonly box: Box;
  readonly frame: Size;
  /** What is left free around the box. */
  readonly around: Size;
  /** What the address asks for. */
  readonly at: SeenPart | undefined;
  /** Writes it there once the map stands still. */
  readonly onRest: (at: SeenPart | undefined) => void;
}

const restMs = 300;

/** Fits everything until somebody moves it; where it stands is kept in the address. */
export function useViewport({ box, frame, around, at, onRest }: Wish): ViewportControl {
  const [own, setOwn] = useState(() => (at === undefined ? undefined : centredOn(at, at.zoom)));
  const viewport = own ?? fit(box, frame, around);
  // What listeners and glides read: they live longer than one drawing.
  const latest = useRef({ viewport, frame, stop: () => {} });
  useLayoutEffect(() => {
    latest.current = { ...latest.current, viewport, frame };
  });
  useAddress(own, at, setOwn, onRest);
  const move = useCallback((next: Viewport) => {
    latest.current.stop();
    setOwn(next);
  }, []);
  const go = useCallback((next: Viewport) => {
    latest.current.stop();
    latest.current.stop = glide(latest.current.viewport, next, setOwn);
  }, []);
  const zoom = useCallback(
    (factor: number) => go(zoomAt(latest.current.viewport, { x: 0, y: 0 }, factor)),
    [go],
  );
  const fitAll = useCallback(() => {
    latest.current.stop();
    setOwn(undefined);
  }, []);
  const open = useCallback((wanted: Box) => go(fit(wanted, latest.current.frame)), [go]);
  const bring = useCallback(
    (place: Point, room: Size) => {
      const from = latest.current.viewport;
      const next = reveal(from, place, room, latest.current.frame);
      if (next.x !== from.x || next.y !== from.y) go(next);
    },
    [go],
  );
  return { viewport, move, zoom, fitAll, open, bring };
}

/** Follows the address where somebody else changed it, and writes to it after each rest. */
function useAddress(
  own: Viewport | undefined,
  at: SeenPart | undefined,
  setOwn: (next: Viewport | undefined) => void,
  onRest: (at: SeenPart | undefined) => void,
): void {
  const told = textOf(at);
  const written = useRef(told);
  const rest = useRef(onRest);
  useLayoutEffect(() => {
    rest.current = onRest;
  });
  useEffect(() => {
    if (told === written.current) return;
    written.current = told;
    setOwn(at === undefined ? undefined : centredOn(at, at.zoom));
  }, [told, at, setOwn]);
  useEffect(() => {
    const next = own && { ...centreOf(own), zoom: own.zoom };
    if (textOf(next) === written.current) return undefined;
    return after(restMs, () => {
      written.current = textOf(next);
      rest.current(next);
    });
  }, [own]);
}

/** As it stands in the address; empty where it does not. */
function textOf(at: SeenPart | undefined): string {
  return at === undefined ? "" : partText(at);
}
