import { type KeyboardEvent, type RefObject, useEffect, useRef } from "react";
import { useNodeView } from "../view.ts";
import type { Point, Size } from "./geometry.ts";
import { nextPlace } from "./roving.ts";
import type { ViewportControl } from "./use-viewport.ts";

interface MapKeys {
  readonly frameRef: RefObject<HTMLElement | null>;
  /** Where the marks stand that can have the focus, by node id or cluster key. */
  readonly places: ReadonlyMap<string, Point>;
  /** How large a mark is on the screen. */
  readonly size: Size;
  readonly control: ViewportControl;
  /** The mark that Tab leads to. */
  readonly reachable: string | undefined;
  readonly onFocus: (id: string) => void;
}

const zoomStep = 1.4;

/** Arrows go from mark to mark, + - 0 zoom, Escape lets go; Enter is the button's own. */
export function useMapKeys(keys: MapKeys): (event: KeyboardEvent) => void {
  const { frameRef, places, size, control, reachable } = keys;
  const [view, change] = useNodeView();
  const wanted = useRef<string>(undefined);
  useEffect(() => {
    // A mark that was out of sight is there only after the map moved.
    if (wanted.current !== undefined && focusOn(frameRef, wanted.current)) {
      wanted.current = undefined;
    }
  });
  return (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    switch (event.key) {
      case "Escape":
        if (view.selected === undefined && view.tie === undefined) return;
        return change({ selected: undefined, tie: undefined });
      case "+":
      case "=":
        return control.zoom(zoomStep);
      case "-":
        return control.zoom(1 / zoomStep);
      case "0":
        return control.fitAll();
      default:
        return move(event);
    }
  };
  function move(event: KeyboardEvent): void {
    const next = nextPlace(places, reachable ?? "", event.key);
    const place = next === undefined ? undefined : places.get(next);
    if (next === undefined || place === undefined) return;
    event.preventDefault();
    keys.onFocus(next);
    if (!focusOn(frameRef, next)) wanted.current = next;
    control.bring(place, size);
  }
}

function focusOn(frameRef: RefObject<HTMLElement | null>, id: string): boolean {
  const name = CSS.escape(id);
  const mark = frameRef.current?.querySelector(`[data-node="${name}"],[data-cluster="${name}"]`);
  if (!(mark instanceof HTMLElement)) return false;
  mark.focus({ preventScroll: true });
  return true;
}
