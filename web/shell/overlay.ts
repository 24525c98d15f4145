import { useSyncExternalStore } from "react";

/** What lies over the page: the palette, the saved views, or the list of keys. */
export type Overlay = "palette" | "views" | "keys";

let shown: Overlay | undefined;
const listeners = new Set<() => void>();

/** Opens one, and closes what was open. */
export function showOverlay(overlay: Overlay | undefined): void {
  shown = overlay;
  for (const listener of listeners) listener();
}

/** Which one is open, for whoever does not draw. */
export function overlayShown(): Overlay | undefined {
  return shown;
}

/** Which one is open. */
export function useOverlay(): Overlay | undefined {
  return useSyncExternalStore(subscribe, overlayShown);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
