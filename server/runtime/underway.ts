import { AsyncLocalStorage } from "node:async_hooks";
import type { Context } from "@opentelemetry/api";
import type { Ending } from "./ending.ts";

/** What a piece of work belongs to: the call it is done for, and the trace it appears in. */
interface Within {
  readonly ending: Ending | undefined;
  trace: Context | undefined;
}

const underway = new AsyncLocalStorage<Within>();

/** Runs a part of somebody's work. */
export type Run = <T>(work: () => T) => T;

/** Runs the work as part of a call that ends with the ending. */
export function withinCall<T>(ending: Ending, work: () => T): T {
  return underway.run({ ending, trace: currentTrace() }, work);
}

/** Runs the work within a trace. */
export function withinTrace<T>(trace: Context, work: () => T): T {
  return underway.run({ ending: underway.getStore()?.ending, trace }, work);
}

/**
 * Runs parts of a call, one after the other, within it and its trace; for next to nothing where
 * whoever asks for the next part is within it already.
 */
export function runsWithin(ending: Ending, trace: Context | undefined): Run {
  const here = underway.getStore();
  const store = here?.ending === ending ? here : { ending, trace: here?.trace };
  if (trace !== undefined) store.trace = trace;
  return (work) => (underway.getStore() === store ? work() : underway.run(store, work));
}

/** Runs what several calls wait for: it ends with none of them. */
export function beyondCalls<T>(work: () => T): T {
  return underway.run({ ending: undefined, trace: currentTrace() }, work);
}

/** The end of the call that is under way: its deadline, or its caller's leaving. */
export function callSignal(): AbortSignal | undefined {
  return underway.getStore()?.ending?.signal;
}

/** The trace that the work under way appears in. */
export function currentTrace(): Context | undefined {
  return underway.getStore()?.trace;
}
