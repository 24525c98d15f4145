/** Which rows of a long list are drawn: those in sight, and a few around them. */
export interface Slice {
  readonly start: number;
  readonly end: number;
}

const spare = 12;

/** The rows to draw for a scroll position. */
export function sliceOf(
  count: number,
  rowHeight: number,
  scrollTop: number,
  height: number,
): Slice {
  const first = Math.floor(scrollTop / rowHeight);
  const last = Math.ceil((scrollTop + height) / rowHeight);
  return {
    start: Math.max(0, Math.min(count, first - spare)),
    end: Math.max(0, Math.min(count, last + spare)),
  };
}
