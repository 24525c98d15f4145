import type { Clock } from "@foedus/kernel/world.ts";
import { exitCodes } from "./exit.ts";

/** Ctrl-C, and the polite signal of whoever runs this program. */
export interface Interrupts {
  /** Aborts with the first one; one that comes later, and is meant as such, ends the process. */
  readonly signal: AbortSignal;
  /** Whether one came. */
  readonly came: boolean;
}

/**
 * Signals this close are one request: a terminal and whoever launched us, or a supervisor that
 * signals a whole group, may both pass the same one on.
 */
export const oneRequestMs = 1_000;

/** Listens once somebody wants to know: a command that does not care ends as programs do. */
export function openInterrupts(
  clock: Clock,
  insist: () => void = () => process.exit(exitCodes.interrupted),
): Interrupts {
  let controller: AbortController | undefined;
  const listen = () => {
    const made = new AbortController();
    let firstMs = 0;
    for (const name of ["SIGINT", "SIGTERM"] as const) {
      process.on(name, () => {
        const nowMs = clock.monotonic();
        if (made.signal.aborted && nowMs - firstMs >= oneRequestMs) insist();
        if (made.signal.aborted) return;
        firstMs = nowMs;
        made.abort(new Error("interrupted"));
      });
    }
    return (controller = made);
  };
  return {
    get signal() {
      return (controller ?? listen()).signal;
    },
    get came() {
      return controller?.signal.aborted === true;
    },
  };
}
