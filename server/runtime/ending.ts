type Tell = (reason: unknown) => void;

/**
 * The end of a call that its own work does not bring about: its caller leaves, its time is up, the
 * hub drains. An AbortSignal costs as much as a small call, so there is one only for who asks.
 */
export class Ending {
  #controller: AbortController | undefined;
  #first: Tell | undefined;
  #others: Set<Tell> | undefined;
  #ended = false;
  #reason: unknown;

  get ended(): boolean {
    return this.#ended;
  }

  get reason(): unknown {
    return this.#reason;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#ended) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Ends it, unless it has ended already. */
  end(reason: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reason = reason;
    const [first, others] = [this.#first, this.#others];
    this.#first = this.#others = undefined;
    this.#controller?.abort(reason);
    first?.(reason);
    if (others !== undefined) for (const tell of others) tell(reason);
  }

  /** Tells when it ends; at once when it has. */
  watch(tell: Tell): void {
    if (this.#ended) tell(this.#reason);
    else if (this.#first === undefined) this.#first = tell;
    else (this.#others ??= new Set()).add(tell);
  }

  unwatch(tell: Tell): void {
    if (this.#first === tell) this.#first = undefined;
    else this.#others?.delete(tell);
  }
}

/** Where a context that has an ending keeps it. */
export const endingKey = Symbol("ending");

/** A context of a call whose signal is made from its ending. */
export interface Ends {
  readonly [endingKey]: Ending;
}

/**
 * Tells when a call ends; at once when it has. Where it has an ending no signal is made for that.
 * Returns how to let go.
 */
export function whenEnded(
  context: { readonly signal: AbortSignal } & Partial<Ends>,
  tell: () => void,
): () => void {
  const ending = context[endingKey];
  if (ending !== undefined) {
    ending.watch(tell);
    return () => ending.unwatch(tell);
  }
  const { signal } = context;
  if (signal.aborted) tell();
  signal.addEventListener("abort", tell, { once: true });
  return () => signal.removeEventListener("abort", tell);
}

const followers = new WeakMap<AbortSignal, Set<Ending>>();

/** Ends with the signal: one listener for however many there are. Returns how to let go of it. */
export function endWith(signal: AbortSignal, ending: Ending): () => void {
  if (signal.aborted) {
    ending.end(signal.reason);
    return () => undefined;
  }
  const all = followers.get(signal) ?? gather(signal);
  all.add(ending);
  return () => void all.delete(ending);
}

function gather(signal: AbortSignal): Set<Ending> {
  const all = new Set<Ending>();
  followers.set(signal, all);
  const end = () => {
    for (const ending of all) ending.end(signal.reason);
  };
  signal.addEventListener("abort", end, { once: true });
  return all;
}
