import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";

/** By which revisions of a collection's schema may be written. */
export interface Terms {
  readonly revisionMin: number;
  /** 0 for no bound. */
  readonly revisionMax: number;
}

/**
 * What a tenant has declared, as far as it concerns a stream; undefined for a stream that is
 * outside of its declared collection: that can be read where it exists, and takes no write.
 */
export type Charter = (tenant: string, stream: Stream) => Terms | undefined;

/** Of a collection that nobody has declared. */
export const anyTerms: Terms = { revisionMin: 0, revisionMax: 0 };

/** Whether a revision is within the terms. */
export function isTaken({ revisionMin, revisionMax }: Terms, revision: number): boolean {
  return revision >= revisionMin && (revisionMax === 0 || revision <= revisionMax);
}
