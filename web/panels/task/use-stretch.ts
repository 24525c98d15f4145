import { useSyncExternalStore } from "react";
import { every } from "../../parts/clock.ts";
import { hubNow } from "../../parts/hub-clock.ts";
import { stretchMs, stretchOf } from "./flow.ts";

const listeners = new Set<() => void>();
let stop = () => {};

/** Which stretch of time it is: pictures of the last minutes move once with each. */
export function useStretch(): number {
  return useSyncExternalStore(subscribe, () => stretchOf(hubNow()));
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    stop = every(stretchMs, () => {
      for (const each of listeners) each();
    });
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) stop();
  };
}
