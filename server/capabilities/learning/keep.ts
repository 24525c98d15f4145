import { create } from "@bufbuild/protobuf";
import type { Keeping } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { KeepingSchema } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface Step {
  readonly upToMs: number;
  /** The newest cycle of every such span of the calendar (UTC); 0 for all of them. */
  readonly everyMs: number;
}

/** How many cycles are kept up to which age, youngest first; what is older goes. */
export const kept: readonly Step[] = [
  { upToMs: dayMs, everyMs: 0 },
  { upToMs: 30 * dayMs, everyMs: hourMs },
  { upToMs: 365 * dayMs, everyMs: dayMs },
];

/** What is kept, as it is told. */
export function keptWords(): Keeping[] {
  return kept.map(({ upToMs, everyMs }) =>
    create(KeepingSchema, { upToMs: BigInt(upToMs), everyMs: BigInt(everyMs) }),
  );
}

/** A cycle that is there. */
export interface Ended {
  readonly id: string;
  readonly endMs: number;
}

/**
 * Which cycles go, newest first as they come. The newest of all stays, whatever its age: where the
 * nodes stand is not forgotten while a hub was away.
 */
export function forgettable(newestFirst: readonly Ended[], nowMs: number): string[] {
  return newestFirst.flatMap(({ id, endMs }, at) => {
    const newer = newestFirst[at - 1];
    if (newer === undefined) return [];
    const step = kept.find(({ upToMs }) => nowMs - endMs <= upToMs);
    return step !== undefined && isLastOfSpan(endMs, newer.endMs, step.everyMs) ? [] : [id];
  });
}

function isLastOfSpan(endMs: number, newerMs: number, everyMs: number): boolean {
  return everyMs === 0 || Math.floor(endMs / everyMs) < Math.floor(newerMs / everyMs);
}
