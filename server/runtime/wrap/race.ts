import type { HandlerContext } from "@connectrpc/connect";
import type { Ends } from "../ending.ts";
import { Ending, endWith, endingKey } from "../ending.ts";

/** Settles as the work does, or rejects with the reason as soon as the call ends. */
export function race<T>(work: Promise<T>, ending: Ending): Promise<T> {
  return new Promise((resolve, reject) => {
    const worked = (value: T) => {
      ending.unwatch(reject);
      resolve(value);
    };
    const failed = (error: unknown) => {
      ending.unwatch(reject);
      reject(error);
    };
    ending.watch(reject);
    work.then(worked, failed);
  });
}

/** A call whose end its wrapper brings about too. */
export interface Linked {
  readonly ending: Ending;
  /** What the implementation is told, with the ending's signal. */
  readonly context: HandlerContext;
  /** The call is over: lets go of others, and tells whoever still listens. */
  end(): void;
}

/** Why the signal of a finished call aborts. */
const over = new DOMException("the call is over", "AbortError");

/** Ends with the call's own signal and with another, if there is one. */
export function link(context: HandlerContext, other?: AbortSignal): Linked {
  const own = (context as Partial<Ends>)[endingKey];
  const ending = own ?? new Ending();
  const letGo = own === undefined ? endWith(context.signal, ending) : undefined;
  const letGoOfOther = other && endWith(other, ending);
  return {
    ending,
    context: own === undefined ? withEnding(context, ending) : context,
    end() {
      letGo?.();
      letGoOfOther?.();
      ending.end(over);
    },
  };
}

/** The same context with the ending's signal, which is made once somebody looks at it. */
function withEnding(context: HandlerContext, ending: Ending): HandlerContext {
  const signal = { get: () => ending.signal, enumerable: true };
  return Object.create(context, { signal }) as HandlerContext;
}
