import type { Clock } from "./clock.ts";
import { isCursorLost, isRefusal, type Trouble, troubleOf } from "./trouble.ts";

/** How a stream stands. */
export type Connection =
  | { readonly state: "idle" | "connecting" }
  | { readonly state: "live"; readonly sinceMs: number }
  | {
      readonly state: "reconnecting" | "offline";
      readonly sinceMs: number;
      readonly attempt: number;
      readonly nextMs: number;
      readonly trouble: Trouble | undefined;
    }
  | { readonly state: "refused"; readonly trouble: Trouble };

/** One server stream that is to be kept open. */
export interface Followed<Item> {
  /** Opens it anew, from where the items taken so far ended. */
  readonly open: (signal: AbortSignal) => AsyncIterable<Item>;
  /** Takes one item; a number asks to connect again after that many milliseconds. */
  readonly take: (item: Item) => number | undefined;
  /** The hub does not know the cursor any more: forget it, so that the next opening begins anew. */
  readonly lost: () => void;
  readonly changed: (connection: Connection) => void;
  /** After so long without an item the stream is taken for dead; undefined where silence is usual. */
  readonly silenceMs?: number | undefined;
  /** Cuts a wait short, e.g. when the network is back. */
  readonly hurry: () => AbortSignal;
}

export const firstWaitMs = 250;
export const lastWaitMs = 10_000;
/** A subscription tells the head every 15 s of silence; three of them missing is no silence. */
export const silenceMs = 45_000;
/** So long without the hub is no hiccup any more. */
export const offlineMs = 20_000;

/** Doubling, with jitter in the upper half, so that a thousand pages do not return at once. */
export function waitMs(attempt: number, fraction: number): number {
  const ceiling = Math.min(lastWaitMs, firstWaitMs * 2 ** Math.min(attempt - 1, 20));
  return Math.round(ceiling * (0.5 + fraction / 2));
}

/** Keeps a stream open until the signal aborts or the hub refuses it for good. */
export async function follow<Item>(
  stream: Followed<Item>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  let lostMs: number | undefined;
  let attempt = 0;
  stream.changed({ state: "connecting" });
  while (!signal.aborted) {
    const end = await runOnce(stream, clock, signal);
    if (signal.aborted) return;
    if (end.error !== undefined && isRefusal(end.error)) {
      return stream.changed({ state: "refused", trouble: troubleOf(end.error) });
    }
    if (end.error !== undefined && isCursorLost(end.error)) stream.lost();
    attempt = end.heard ? 1 : attempt + 1;
    lostMs = end.heard ? clock.now() : (lostMs ?? clock.now());
    const pause = end.afterMs ?? waitMs(attempt, clock.fraction());
    stream.changed({
      state: clock.now() - lostMs > offlineMs ? "offline" : "reconnecting",
      sinceMs: lostMs,
      attempt,
      nextMs: clock.now() + pause,
      trouble: end.error === undefined ? undefined : troubleOf(end.error),
    });
    await clock.wait(pause, AbortSignal.any([signal, stream.hurry()]));
  }
}

interface End {
  readonly heard: boolean;
  readonly afterMs?: number | undefined;
  readonly error?: unknown;
}

async function runOnce<Item>(
  stream: Followed<Item>,
  clock: Clock,
  signal: AbortSignal,
): Promise<End> {
  let heard = false;
  // Leaving the loop does not close a stream of connect-web 2.2; only its signal does.
  const closing = new AbortController();
  const pulse = { heardMs: clock.now() };
  if (stream.silenceMs !== undefined) {
    void closeWhenSilent(stream.silenceMs, pulse, clock, closing);
  }
  try {
    for await (const item of stream.open(AbortSignal.any([signal, closing.signal]))) {
      if (!heard) stream.changed({ state: "live", sinceMs: clock.now() });
      heard = true;
      pulse.heardMs = clock.now();
      const afterMs = stream.take(item);
      if (afterMs !== undefined) return { heard, afterMs };
    }
    return { heard };
  } catch (error) {
    return { heard, error };
  } finally {
    closing.abort();
  }
}

/** A laptop that slept, or a cable that was pulled, leaves a stream that never ends and never tells. */
async function closeWhenSilent(
  silenceMs: number,
  pulse: { readonly heardMs: number },
  clock: Clock,
  closing: AbortController,
): Promise<void> {
  while (!closing.signal.aborted) {
    await clock.wait(silenceMs / 4, closing.signal);
    if (clock.now() - pulse.heardMs > silenceMs) closing.abort();
  }
}
