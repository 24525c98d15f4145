import { type FocusEvent, type KeyboardEvent, type RefObject, useEffect, useRef } from "react";
import { useNodeView } from "../view.ts";
import type { Point, Size } from "./geometry.ts";
import { nearestPlace, nextPlace } from "./roving.ts";
import type { ViewportControl } from "./use-viewport.ts";
import { zoomStep } from "./viewport.ts";

interface MapKeys {
  readonly frameRef: RefObject<HTMLElement | null>;
  /** Where the marks stand that can have the focus, by node id or cluster key. */
  readonly places: ReadonlyMap<string, Point>;
  /** Those of them that are in sight. */
  readonly seen: ReadonlyMap<string, Point>;
  /** How large a mark is on the screen. */
  readonly size: Size;
  readonly control: ViewportControl;
  /** The mark that Tab leads to. */
  readonly reachable: string | undefined;
  readonly onFocus: (id: string) => void;
}

/** Arrows go from mark to mark, + - 0 zoom, Escape lets go; Enter is the button's own. */
export function useMapKeys(keys: MapKeys) {
  const { frameRef, places, size, control, reachable } = keys;
  const [view, change] = useNodeView();
  const focus = useKeptFocus(keys);
  return { onKeyDown, onFocus: focus.onFocus, onBlur: focus.onBlur };
  function onKeyDown(event: KeyboardEvent): void {
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
  }
  function move(event: KeyboardEvent): void {
    // From the mark that has the focus: a pointer that rests on the map makes another reachable.
    const next = nextPlace(places, markOf(event.target) ?? reachable ?? "", event.key);
    const place = next === undefined ? undefined : places.get(next);
    if (next === undefined || place === undefined) return;
    event.preventDefault();
    keys.onFocus(next);
    if (!focusOn(frameRef, next)) focus.want(next, place);
    control.bring(place, size);
  }
}

/** Longer than marks take to come; then it was somebody's last word. */
const framesMax = 60;

interface Held {
  /** The mark that is to have the focus as soon as it is there. */
  readonly id: string | undefined;
  readonly place: Point;
}

/**
 * A mark that has the focus may go: a cluster falls apart, another level has other marks, the map
 * moves on. Then the nearest has it, so that the keyboard stays on the map.
 */
function useKeptFocus({ frameRef, seen }: MapKeys) {
  const held = useRef<Held>(undefined);
  useEffect(() => {
    if (held.current === undefined) return undefined;
    // Marks come a little after the scene that asks for them.
    let framesLeft = framesMax;
    let frame = requestAnimationFrame(look);
    function look(): void {
      const { current } = held;
      framesLeft -= 1;
      if (current === undefined || framesLeft === 0) return;
      if (current.id === undefined && document.activeElement !== document.body) return;
      const wanted = current.id ?? nearestPlace(seen, current.place);
      if (wanted === undefined || focusOn(frameRef, wanted)) return;
      frame = requestAnimationFrame(look);
    }
    return () => cancelAnimationFrame(frame);
  }, [frameRef, seen]);
  return {
    want(id: string, place: Point) {
      held.current = { id, place };
    },
    onFocus({ target }: FocusEvent) {
      const place = seen.get(markOf(target) ?? "");
      held.current = place && { id: undefined, place };
    },
    onBlur({ target, relatedTarget }: FocusEvent) {
      // Somebody went elsewhere; a mark that is taken away is not connected any more.
      if (relatedTarget !== null || target.isConnected) held.current = undefined;
    },
  };
}

function markOf(target: EventTarget): string | undefined {
  if (!(target instanceof HTMLElement)) return undefined;
  return target.dataset["node"] ?? target.dataset["cluster"];
}

function focusOn(frameRef: RefObject<HTMLElement | null>, id: string): boolean {
  const name = CSS.escape(id);
  const mark = frameRef.current?.querySelector(`[data-node="${name}"],[data-cluster="${name}"]`);
  if (!(mark instanceof HTMLElement)) return false;
  mark.focus({ preventScroll: true });
  return true;
}
