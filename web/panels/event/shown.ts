import { useDeferredValue, useMemo } from "react";
import { useNow } from "../../parts/now.ts";
import type { Live } from "../../parts/live.ts";
import { useLive } from "../../parts/use-live.ts";
import type { Log, Row } from "./log.ts";
import { isAgo, momentIn } from "./moment.ts";
import { type Narrow, narrowed, type Names, wordsIn } from "./narrow.ts";
import type { Still } from "./still.ts";
import type { EventView } from "./view.ts";

/** The rows that are shown, and how many that fit are newer than they are. */
export interface Shown {
  readonly log: Log;
  readonly rows: readonly Row[];
  readonly newer: number;
}

/** Times that move with the clock move in steps, so that rows are not counted each second. */
const stepMs = 10_000;

/** Narrows what is here: the log as it is, or as it was when somebody held it. */
export function useShown(
  live: Live<Log>,
  held: Still | undefined,
  view: EventView,
  names: Names,
): Shown {
  const now = useLive(live);
  const log = held?.log ?? now;
  const narrow = useNarrow(view);
  const current = useMemo(() => narrowed(now.rows, narrow, names), [now.rows, narrow, names]);
  const rows = useMemo(
    () => (log === now ? current : narrowed(log.rows, narrow, names)),
    [log, now, current, narrow, names],
  );
  return { log, rows, newer: log === now ? 0 : newerThan(current, log.cursor ?? 0n) };
}

function useNarrow({ words, since, until }: EventView): Narrow {
  const text = useDeferredValue(words);
  const now = useNow();
  const moves = isAgo(since) || isAgo(until);
  const nowMs = moves ? Math.floor(now / stepMs) * stepMs : 0;
  return useMemo(
    () => ({
      words: wordsIn(text),
      sinceMs: momentIn(since, nowMs) ?? 0,
      untilMs: momentIn(until, nowMs) ?? Number.POSITIVE_INFINITY,
    }),
    [text, since, until, nowMs],
  );
}

/** The newest stand last: counts from there. */
function newerThan(rows: readonly Row[], cursor: bigint): number {
  let count = 0;
  while (count < rows.length && (rows.at(-1 - count)?.cursor ?? 0n) > cursor) count += 1;
  return count;
}
