import { minuteMs, minuteOf, watchedSpans, windowAt, type Span } from "./window.ts";

/** What happened to a node in a minute. */
export interface Tally {
  readonly nodeId: string;
  readonly minuteMs: number;
  /** How long its lease had lapsed. */
  lapsedMs: number;
  /** How long it was in maintenance. */
  pausedMs: number;
  /** Events of it that were stored. */
  accepted: number;
  /** Events that came over its connection and were refused for their signature. */
  refused: number;
  /** Stored events that failed a check of the hub's. */
  failed: number;
  /** The newest cursor of each sort; 0 for none. */
  stateCursor: bigint;
  acceptedCursor: bigint;
  refusedCursor: bigint;
  failedCursor: bigint;
}

/** Tallies that are being counted, by node and minute. */
export type Tallies = Map<string, Tally>;

/** The tally of a node at an instant. */
export function tallyAt(tallies: Tallies, nodeId: string, atMs: number): Tally {
  const minute = minuteOf(atMs);
  const key = `${nodeId}/${minute}`;
  const known = tallies.get(key);
  if (known !== undefined) return known;
  const fresh: Tally = {
    nodeId,
    minuteMs: minute,
    lapsedMs: 0,
    pausedMs: 0,
    accepted: 0,
    refused: 0,
    failed: 0,
    stateCursor: 0n,
    acceptedCursor: 0n,
    refusedCursor: 0n,
    failedCursor: 0n,
  };
  tallies.set(key, fresh);
  return fresh;
}

/**
 * Spreads a span over the minutes it covers; what no window will ever hold is left out, and so is
 * the time in which no hub was there.
 */
export function spread(
  { fromMs, toMs }: Span,
  away: readonly Span[],
  add: (atMs: number, spanMs: number) => void,
): void {
  const startMs = Math.max(fromMs, windowAt(toMs, away).startMs);
  for (const span of watchedSpans(startMs, toMs, away)) {
    for (let atMs = span.fromMs; atMs < span.toMs;) {
      const nextMs = Math.min(minuteOf(atMs) + minuteMs, span.toMs);
      add(atMs, nextMs - atMs);
      atMs = nextMs;
    }
  }
}
