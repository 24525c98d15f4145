import type { Timers, World } from "./world.ts";

const timers: Timers = {
  after(ms, act) {
    const timer = setTimeout(act, ms);
    // A browser's is a number, and keeps nothing alive.
    if (typeof timer === "object") timer.unref();
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

/** The machine's own clock and chance, in Node and in browsers: the only place that reads them. */
export const realWorld: World = {
  clock: { now: () => Date.now(), monotonic: () => performance.now() },
  random: {
    bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    fraction: () => Math.random(),
  },
  timers,
};
