import type { Random } from "./world.ts";

/** How waits grow. */
export interface Backoff {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** For peers that come back by themselves. */
export const reconnectBackoff: Backoff = { firstMs: 200, lastMs: 10_000 };

/** The wait before attempt 1, 2, …: doubling, with full jitter in the upper half. */
export function backoffMs(backoff: Backoff, attempt: number, random: Random): number {
  const ceiling = Math.min(backoff.lastMs, backoff.firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(ceiling * (0.5 + random.fraction() / 2));
}
