import type { World } from "@foedus/kernel/world.ts";

/** Settles as the work does, or rejects with the signal's reason as soon as it aborts. */
export function race<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** A signal of its own that also aborts with others. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
  /** The call is over: lets go of the others, and tells whoever still listens. */
  end(): void;
}

/** Why the signal of a finished call aborts. */
const over = new DOMException("the call is over", "AbortError");

/** Aborts with the first of the given signals. */
export function link(...signals: readonly AbortSignal[]): LinkedSignal {
  const controller = new AbortController();
  const follow = (event: Event) => {
    const { target } = event;
    controller.abort(target instanceof AbortSignal ? target.reason : undefined);
  };
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason);
    else signal.addEventListener("abort", follow, { once: true });
  }
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    end: () => {
      for (const signal of signals) signal.removeEventListener("abort", follow);
      controller.abort(over);
    },
  };
}

/** Aborts with the given one, or with `late()` after `ms`. */
export function linkFor(
  world: World,
  signal: AbortSignal,
  ms: number,
  late: () => unknown,
): LinkedSignal {
  const linked = link(signal);
  const timer = world.timers.after(ms, () => linked.abort(late()));
  return {
    ...linked,
    end: () => {
      timer.cancel();
      linked.end();
    },
  };
}
