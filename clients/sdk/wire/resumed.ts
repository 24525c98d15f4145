import type { World } from "@foedus/kernel/world.ts";
import type { FoedusError } from "../error.ts";
import { errorOf } from "../error.wire.ts";
import { linked, orAborted } from "../signals.ts";
import { isPassing, waitMs } from "./persist.ts";

/** A server stream that is opened again and again, each time from where it was left. */
export interface ResumedOptions<Item> {
  readonly world: World;
  /** Opens it at the present cursor. */
  readonly open: (signal: AbortSignal) => AsyncIterable<Item>;
  /** How long the server asks to stay away, if this item is its word of farewell. */
  readonly farewellMs: (item: Item) => number | undefined;
  /** Ends the iteration without an error. */
  readonly signal?: AbortSignal | undefined;
  /** Aborts when the stream should go over to a newer connection; asked before each opening. */
  readonly moving?: () => AbortSignal;
  /** Longer than any healthy stream is silent. */
  readonly silenceMs: number;
  /** Told of each interruption that will be mended. */
  readonly interrupted?: (error: FoedusError) => void;
}

/**
 * The items of all those streams as one; ends when a stream ends by itself, or the signal aborts.
 */
export async function* resumed<Item>(options: ResumedOptions<Item>): AsyncGenerator<Item> {
  const { world, signal, moving } = options;
  const over = () => signal?.aborted === true;
  for (let attempt = 1; !over(); attempt += 1) {
    const mover = moving?.();
    using stream = linked(signal, mover);
    let awayMs: number | undefined;
    try {
      for await (const item of heedful(options.open(stream.signal), options, stream)) {
        attempt = 0;
        awayMs = options.farewellMs(item);
        if (awayMs !== undefined) break;
        yield item;
      }
      if (awayMs === undefined) return;
      await world.timers.sleep(awayMs, signal);
    } catch (thrown) {
      if (over()) return;
      if (mover?.aborted === true) continue;
      const error = errorOf(thrown);
      if (!isPassing(error)) throw error;
      options.interrupted?.(error);
      await world.timers.sleep(waitMs(error, attempt, world), signal);
    } finally {
      // Leaving a for-await does not end a call: only its signal does.
      stream.abort();
    }
  }
}

/** Notices when the other side has gone without a word. Time the consumer takes does not count. */
async function* heedful<Item>(
  items: AsyncIterable<Item>,
  { world, silenceMs }: ResumedOptions<Item>,
  stream: { readonly signal: AbortSignal; abort(reason: unknown): void },
): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  for (;;) {
    const silent = world.timers.after(silenceMs, () => {
      stream.abort(new Error(`the hub was silent for ${silenceMs} ms`));
    });
    try {
      const next = await orAborted(iterator.next(), stream.signal);
      if (next.done === true) return;
      silent.cancel();
      yield next.value;
    } finally {
      silent.cancel();
    }
  }
}
