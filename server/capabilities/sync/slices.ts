/** Many byte strings in one: the driver writes an array of them as text, and one as it is. */
export interface Slices {
  readonly bytes: Buffer;
  /** Where each begins, from 1 as PostgreSQL counts. */
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
}

/** Puts byte strings one after the other. */
export function slicesOf(parts: readonly Uint8Array[]): Slices {
  const offsets: number[] = [];
  let end = 1;
  for (const { length } of parts) {
    offsets.push(end);
    end += length;
  }
  return { bytes: Buffer.concat(parts), offsets, lengths: parts.map(({ length }) => length) };
}
