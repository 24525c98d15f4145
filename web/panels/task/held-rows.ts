import type { Task } from "@foedus/gen/foedus/task/v1/task_pb.js";

/** A list as it is shown while somebody reads it. */
export interface HeldRows {
  readonly rows: readonly Task[];
  /** How many newer ones there are that are not shown. */
  readonly newer: number;
  /** Those that left the list meanwhile; they stay in their places. */
  readonly gone: ReadonlySet<string>;
}

/**
 * The rows of before, where they were, with what is known of them now; those that are newer than
 * all of them wait, and older ones follow. Ids sort by time, the newest first.
 */
export function heldRows(before: readonly Task[] | undefined, now: readonly Task[]): HeldRows {
  const [first] = before ?? [];
  const last = before?.at(-1);
  if (before === undefined || first === undefined || last === undefined) {
    return { rows: now, newer: 0, gone: new Set() };
  }
  const known = new Map(now.map((task) => [task.id, task]));
  const oldest = now.at(-1)?.id ?? "";
  // What lies beyond the last page that is here has not left: it is only not here.
  const gone = before.filter(({ id }) => !known.has(id) && id >= oldest).map(({ id }) => id);
  return {
    rows: [
      ...before.map((task) => known.get(task.id) ?? task),
      ...now.filter(({ id }) => id < last.id),
    ],
    newer: now.filter(({ id }) => id > first.id).length,
    gone: new Set(gone),
  };
}
