import type { Cell } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { emptyDigest, joinedDigest, mixed, redigested, type Digest } from "./digest.ts";
import { cellKey } from "./op.ts";

/** Into how many parts the cells of a stream fall, so that two hubs find where they differ. */
export const bucketCount = 256;

const seed = 0x811c9dc5;

/** Which part a cell falls into: by its name alone, so that it never moves. */
export function bucketOf(name: { record: string; field: string }): number {
  return mixed(cellKey(name), seed) % bucketCount;
}

/** Notes cells in the digests of their parts. */
export function bucketed(digests: Map<number, Digest>, cells: Iterable<Cell>): void {
  for (const cell of cells) {
    const bucket = bucketOf(cell);
    digests.set(bucket, redigested(digests.get(bucket) ?? emptyDigest, undefined, cell));
  }
}

/** What all parts come to together. */
export function wholeDigest(digests: Iterable<Digest>): Digest {
  let whole = emptyDigest;
  for (const each of digests) whole = joinedDigest(whole, each);
  return whole;
}
