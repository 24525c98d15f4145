import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { backoffMs } from "@foedus/kernel/backoff.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Random } from "@foedus/kernel/world.ts";

/** What the parent calls that no admin of it has let this hub sync as one. */
export const ungranted = "SYNC_RELAY_NOT_GRANTED";

/** How often a parent that refused or was cut off is asked again. */
const uplinkBackoff = { firstMs: 200, lastMs: 30_000 };

/** And one that waits for an admin: nothing comes of asking often. */
const ungrantedBackoff = { firstMs: 1_000, lastMs: 60_000 };

/** A session that ends sooner than this counts as a failed attempt. */
const steadyMs = 2_000;

/** One attempt to sync with the parent, when it is over. */
export interface Attempt {
  /** Which in a row of its kind, from 1. */
  readonly count: number;
  /** Why it ended; undefined when nobody said. */
  readonly why: string | undefined;
}

/** The attempt that is over now, after the one before it. */
export function attemptAfter(
  before: Attempt | undefined,
  why: string | undefined,
  lastedMs: number,
): Attempt {
  const isSameKind = (before?.why === ungranted) === (why === ungranted);
  const goesOn = before !== undefined && isSameKind && lastedMs <= steadyMs;
  return { count: goesOn ? before.count + 1 : 1, why };
}

/** How long to wait before the next. */
export function waitAfter({ count, why }: Attempt, random: Random): number {
  return backoffMs(why === ungranted ? ungrantedBackoff : uplinkBackoff, count, random);
}

/** The parent that a hub had when it stopped. */
export interface Former {
  /** Its trust domain. */
  readonly name: string;
  /** When it was there last. */
  readonly seenMs: number;
  /** How many streams had places that it lacked, when this process started. */
  readonly lacks: number;
}

/**
 * What only the former parent waits for is not given to another one: the stamps after it would wait
 * there until the former has told it. One that has been away for as long as a log is kept for
 * anybody is taken to be gone.
 *
 * @throws Fault SYNC_PARENT_NOT_DRAINED
 */
export function requireDrained(
  former: Former | undefined,
  parent: string,
  nowMs: number,
  leaseMs: number,
): void {
  if (former === undefined || former.name === parent || former.lacks === 0) return;
  if (former.seenMs + leaseMs <= nowMs) return;
  const facts = { parent, former: former.name, streams: former.lacks };
  throw new Fault(Reason.SYNC_PARENT_NOT_DRAINED, facts);
}
