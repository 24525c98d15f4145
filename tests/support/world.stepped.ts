import { realWorld } from "@foedus/kernel/world.real.ts";
import type { World } from "@foedus/kernel/world.ts";

/** A world whose time passes, timers and all, only when it is told to. */
export interface SteppedWorld extends World {
  pass(ms: number): void;
}

/** Begins at zero; its timers go off when the test lets time pass. */
export function steppedWorld(): SteppedWorld {
  let nowMs = 0;
  const waiting = new Map<object, { readonly atMs: number; readonly act: () => void }>();
  return {
    clock: { now: () => nowMs, monotonic: () => nowMs },
    random: { ...realWorld.random, fraction: () => 0.5 },
    timers: {
      after: (ms, act) => {
        const timer = { cancel: () => void waiting.delete(timer) };
        waiting.set(timer, { atMs: nowMs + ms, act });
        return timer;
      },
      sleep: () => new Promise(() => undefined),
    },
    pass(ms) {
      nowMs += ms;
      for (const [timer, { atMs, act }] of waiting) {
        if (atMs <= nowMs && waiting.delete(timer)) act();
      }
    },
  };
}
