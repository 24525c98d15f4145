import type { KeyboardEvent, RefObject } from "react";
import { type Detail, measures, type Point } from "./layout.ts";
import { nextPlace } from "./roving.ts";
import type { ViewportControl } from "./use-viewport.ts";
import { useNodeView } from "./view.ts";

interface MapKeys {
  readonly frameRef: RefObject<HTMLElement | null>;
  readonly places: ReadonlyMap<string, Point>;
  readonly detail: Detail;
  readonly control: ViewportControl;
  /** The node that Tab leads to. */
  readonly reachable: string | undefined;
}

const zoomStep = 1.25;

/** Arrows go from node to node, + - 0 zoom, Escape lets go; Enter is the button's own. */
export function useMapKeys({ frameRef, places, detail, control, reachable }: MapKeys) {
  const [, change] = useNodeView();
  return (event: KeyboardEvent): void => {
    switch (event.key) {
      case "Escape":
        return change({ selected: undefined, tie: undefined });
      case "+":
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
    const mark = frameRef.current?.querySelector(`[data-node="${CSS.escape(next)}"]`);
    if (mark instanceof HTMLElement) mark.focus({ preventScroll: true });
    control.bring(place, measures[detail]);
  }
}
