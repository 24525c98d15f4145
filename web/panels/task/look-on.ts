/** Pages that are read, and read again, without anybody asking for it. */
export const pagesMax = 20;
/** A page of fewer tasks is thin: the hub looked through many to find them. */
const thinMax = 20;

/** How far a list was read. */
export interface Looked {
  /** How many tasks each page brought. */
  readonly found: readonly number[];
  /** How many pages were here when somebody last asked for more. */
  readonly askedAt: number;
  readonly hasNextPage: boolean;
  readonly isFetching: boolean;
  readonly isError: boolean;
}

/** Whether so many thin pages came, one after another, that somebody has to ask for more. */
export function isTired({ found, askedAt, hasNextPage }: Looked): boolean {
  const last = found.slice(askedAt).slice(-pagesMax);
  return hasNextPage && last.length === pagesMax && last.every((count) => count < thinMax);
}

/** Whether the next page may be read now without anybody asking; what failed is not tried again. */
export function mayLookOn(looked: Looked): boolean {
  const { hasNextPage, isFetching, isError } = looked;
  return hasNextPage && !isFetching && !isError && !isTired(looked);
}

/** Whether so much of the list is here that it is read again only when asked for. */
export function isLong({ found }: Pick<Looked, "found">): boolean {
  return found.length > pagesMax;
}
