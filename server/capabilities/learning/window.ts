/** A stretch of time, in milliseconds since 1970. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a cycle looks at: whole minutes up to an instant, in milliseconds since 1970. */
export interface Window {
  readonly startMs: number;
  readonly endMs: number;
  /** When no hub was there, newest first: none of it counts. */
  readonly away: readonly Span[];
}

/** What is tallied together. */
export const minuteMs = 60_000;

/** How far back a cycle looks. */
export const windowMs = 10 * minuteMs;

/** How often a cycle runs when something changed. */
export const cycleEveryMs = minuteMs;

/** How often a cycle runs though nothing changed: what is not told grows old. */
export const quietCycleMs = 5 * minuteMs;

/**
 * The window that ends at an instant; it begins with a whole minute. It is as long as ever where a
 * hub was away: it reaches back to what was seen before.
 */
export function windowAt(endMs: number, away: readonly Span[] = []): Window {
  const firstMs = watchedBack(endMs, windowMs, away);
  const startMs = minuteOf(watchedBack(firstMs, firstMs % minuteMs, away));
  return { startMs, endMs, away };
}

/** How much of a stretch a hub was there. */
export function watchedMs(fromMs: number, toMs: number, away: readonly Span[]): number {
  return watchedSpans(fromMs, toMs, away).reduce((sum, span) => sum + span.toMs - span.fromMs, 0);
}

/** The parts of a stretch in which a hub was there, oldest first. */
export function watchedSpans(fromMs: number, toMs: number, away: readonly Span[]): Span[] {
  const spans: Span[] = [];
  let atMs = fromMs;
  for (const gap of away.toReversed()) {
    if (gap.toMs <= atMs || gap.fromMs >= toMs) continue;
    if (gap.fromMs > atMs) spans.push({ fromMs: atMs, toMs: gap.fromMs });
    atMs = gap.toMs;
  }
  if (atMs < toMs) spans.push({ fromMs: atMs, toMs });
  return spans;
}

/** The instant with so much watched time between it and another one. */
function watchedBack(endMs: number, ms: number, away: readonly Span[]): number {
  let [atMs, leftMs] = [endMs, ms];
  for (const gap of away) {
    if (gap.fromMs >= atMs) continue;
    const seenMs = Math.max(0, atMs - gap.toMs);
    if (seenMs > leftMs) break;
    leftMs -= seenMs;
    atMs = gap.fromMs;
  }
  return atMs - leftMs;
}

/** The minute that an instant lies in. */
export function minuteOf(ms: number): number {
  return Math.floor(ms / minuteMs) * minuteMs;
}

/** When the next cycle is due. */
export function dueMs(endedMs: number, changed: boolean): number {
  return endedMs + (changed ? cycleEveryMs : quietCycleMs);
}
