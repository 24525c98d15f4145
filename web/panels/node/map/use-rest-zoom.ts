import { useEffect, useState } from "react";
import { after } from "../../../parts/clock.ts";

const restMs = 180;

/**
 * The zoom that marks are laid out for: what it was when the map last stood still. A browser that
 * gets places of the whole world, with marks as much larger, paints a picture of that size.
 */
export function useRestZoom(zoom: number): number {
  const [restZoom, setRestZoom] = useState(zoom);
  useEffect(() => {
    if (restZoom === zoom) return undefined;
    return after(restMs, () => setRestZoom(zoom));
  }, [restZoom, zoom]);
  return restZoom;
}
