import type { Clock } from "@foedus/kernel/world.ts";

/**
 * Signals this close are one request: a terminal and whoever launched us, or a supervisor that
 * signals a whole group, may both pass the same one on.
 */
export const oneSignalMs = 1_000;

const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A signal that asks a process to stop. */
export type StopSignal = (typeof stopSignals)[number];

/** Calls `stop` at the first signal, and `insist` at a later one that is meant as such. */
export function onStopSignal(
  signals: readonly StopSignal[],
  clock: Clock,
  { stop, insist }: { stop(): void; insist(): void },
): void {
  let firstMs: number | undefined;
  for (const signal of signals) {
    process.on(signal, () => {
      const nowMs = clock.monotonic();
      if (firstMs !== undefined && nowMs - firstMs >= oneSignalMs) insist();
      if (firstMs !== undefined) return;
      firstMs = nowMs;
      stop();
    });
  }
}
