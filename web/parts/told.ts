import { after, clock } from "./clock.ts";

/** Those who want to know of a change, told at most once a frame. */
export interface Told {
  readonly tell: () => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/**
 * A frame is as often as anybody can see a change; a pace in milliseconds makes it rarer still,
 * where drawing costs more than a frame. The first change is told at once.
 */
export function createTold(paceMs: () => number = () => 0): Told {
  const listeners = new Set<() => void>();
  let isDue = false;
  let lastMs = 0;
  const run = () => {
    isDue = false;
    lastMs = clock.now();
    for (const listener of listeners) listener();
  };
  const inFrame = () => void requestAnimationFrame(run);
  return {
    tell() {
      if (isDue) return;
      isDue = true;
      const pace = paceMs();
      // Never longer than the pace, should the clock be set back.
      const waitMs = Math.min(pace, lastMs + pace - clock.now());
      if (waitMs > 0) after(waitMs, inFrame);
      else inFrame();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
