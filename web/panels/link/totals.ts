import { BreakerState, type Link } from "@foedus/gen/foedus/link/v1/link_pb.js";

/** All links in four figures. */
export interface LinkTotals {
  /** Nodes of which the hub holds no connection. */
  readonly away: number;
  /** Breakers through which not every call passes. */
  readonly broken: number;
  readonly errors: bigint;
  /** Half of the measured links are faster; undefined where none was measured. */
  readonly medianUs: bigint | undefined;
}

/** Adds the links up. */
export function totalsOf(links: readonly Link[]): LinkTotals {
  const trips = links
    .flatMap(({ roundTripMeanUs: us }) => (us === undefined ? [] : [us]))
    .toSorted((one, other) => Number(one - other));
  return {
    away: links.filter(({ live }) => !live).length,
    broken: links.filter(({ breaker }) => broken.has(breaker)).length,
    errors: links.reduce((sum, { counts }) => sum + (counts?.errors ?? 0n), 0n),
    medianUs: trips[Math.floor((trips.length - 1) / 2)],
  };
}

const broken: ReadonlySet<BreakerState> = new Set([BreakerState.OPEN, BreakerState.HALF_OPEN]);
