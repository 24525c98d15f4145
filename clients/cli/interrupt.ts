import { exitCodes } from "./exit.ts";

/** Ctrl-C, and the polite signal of whoever runs this program. */
export interface Interrupts {
  /** Aborts with the first one; a second one ends the process at once. */
  readonly signal: AbortSignal;
  /** Whether one came. */
  readonly came: boolean;
}

/** Listens once somebody wants to know: a command that does not care ends as programs do. */
export function openInterrupts(): Interrupts {
  let controller: AbortController | undefined;
  const listen = () => {
    const made = new AbortController();
    for (const name of ["SIGINT", "SIGTERM"] as const) {
      process.on(name, () => {
        if (made.signal.aborted) process.exit(exitCodes.interrupted);
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
