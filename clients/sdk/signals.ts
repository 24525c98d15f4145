/** A signal of its own that also aborts with others. */
export interface Linked extends Disposable {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

/**
 * Aborts with the first of the given signals, and lets go of them when disposed: one that lives as
 * long as the process would otherwise collect a listener for each call.
 */
export function linked(...signals: readonly (AbortSignal | undefined)[]): Linked {
  const controller = new AbortController();
  const present = signals.filter((signal) => signal !== undefined);
  const follow = (event: Event) => {
    if (event.target instanceof AbortSignal) controller.abort(event.target.reason);
  };
  for (const signal of present) {
    if (signal.aborted) controller.abort(signal.reason);
    else signal.addEventListener("abort", follow, { once: true });
  }
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    [Symbol.dispose]: () => {
      for (const signal of present) signal.removeEventListener("abort", follow);
    },
  };
}

/** Settles as the work does, or rejects with the signal's reason as soon as it aborts. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  // Nobody may be left to hear of its failure.
  work.catch(() => undefined);
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
