const buckets = 256;
const prime = 0x01000193;
const offset = 0x811c9dc5;
const shift = 15;

/** How many cells of a bucket are listed. */
export const listedMax = 1_000;

/** The bucket of a cell, by its key alone: the same at every hub. */
export function bucketOf(key: string): number {
  let hash = offset;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), prime);
  return ((hash ^ (hash >>> shift)) >>> 0) % buckets;
}
