import { monitorEventLoopDelay } from "node:perf_hooks";
import type { World } from "@foedus/kernel/world.ts";
import { every } from "./every.ts";

/** How late this process is. */
export interface Lag {
  /** The 99th percentile of the second before, in milliseconds. */
  ms(): number;
  stop(): void;
}

const sampleMs = 20;
const lookMs = 1_000;

/** Begins to measure the event loop's delay. */
export function openLag(world: World): Lag {
  const delay = monitorEventLoopDelay({ resolution: sampleMs });
  delay.enable();
  let lastMs = 0;
  const stop = every(world, lookMs, () => {
    lastMs = Math.max(0, delay.percentile(99) / 1e6 - sampleMs);
    delay.reset();
  });
  return {
    ms: () => lastMs,
    stop() {
      stop();
      delay.disable();
    },
  };
}
