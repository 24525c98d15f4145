import { randomBytes } from "node:crypto";
import type { Timers, World } from "./world.ts";

const timers: Timers = {
  after(ms, act) {
    const timer = setTimeout(act, ms);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
  sleep(ms, signal) {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal?.addEventListener("abort", wake, { once: true });
    });
  },
};

/** The machine's own clock and chance: the only place that reads them. */
export const realWorld: World = {
  clock: { now: () => Date.now(), monotonic: () => performance.now() },
  random: {
    bytes: (length) => new Uint8Array(randomBytes(length)),
    fraction: () => Math.random(),
  },
  timers,
};
