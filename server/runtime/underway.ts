import { AsyncLocalStorage } from "node:async_hooks";

const underway = new AsyncLocalStorage<AbortSignal>();

/** Runs the work as part of a call that ends with the signal. */
export function withinCall<T>(signal: AbortSignal, work: () => T): T {
  return underway.run(signal, work);
}

/** Runs what several calls wait for: it ends with none of them. */
export function beyondCalls<T>(work: () => T): T {
  return underway.exit(work);
}

/** The end of the call that is under way: its deadline, or its caller's leaving. */
export function callSignal(): AbortSignal | undefined {
  return underway.getStore();
}
