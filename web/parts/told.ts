/** Those who want to know of a change, told at most once a frame. */
export interface Told {
  readonly tell: () => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/** A frame is as often as anybody can see a change. */
export function createTold(): Told {
  const listeners = new Set<() => void>();
  let frame = 0;
  return {
    tell() {
      if (frame !== 0) return;
      frame = requestAnimationFrame(() => {
        frame = 0;
        for (const listener of listeners) listener();
      });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
