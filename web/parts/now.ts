import { useSyncExternalStore } from "react";
import { every } from "./clock.ts";
import { hubNow } from "./hub-clock.ts";

const tickMs = 1_000;
const listeners = new Set<() => void>();
let stop = () => {};
let tick = hubNow();

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    tick = hubNow();
    stop = every(tickMs, () => {
      tick = hubNow();
      for (const each of listeners) each();
    });
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) stop();
  };
}

/** The hub's time, once a second; one timer for all who ask. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => tick);
}
