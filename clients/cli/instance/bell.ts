import type { World } from "@foedus/kernel/world.ts";

/** However often it rings, it wakes at most once in this time. */
export const bellEveryMs = 5_000;

/** Wakes a loop before its time. */
export interface Bell {
  ring(): void;
  /**
   * Sleeps so long, or until it rang, yet not sooner than `bellEveryMs` after it woke somebody.
   * Whether it rang; several rings are one.
   */
  sleep(ms: number, signal: AbortSignal): Promise<boolean>;
}

/** A bell that nobody rang yet. */
export function openBell({ clock, timers }: Pick<World, "clock" | "timers">): Bell {
  let rung = new AbortController();
  let wokeMs = -Infinity;
  return {
    ring: () => rung.abort(),
    async sleep(ms, signal) {
      await timers.sleep(ms, AbortSignal.any([signal, rung.signal]));
      if (!rung.signal.aborted) return false;
      const leftMs = wokeMs + bellEveryMs - clock.monotonic();
      if (leftMs > 0) await timers.sleep(leftMs, signal);
      rung = new AbortController();
      wokeMs = clock.monotonic();
      return true;
    },
  };
}
