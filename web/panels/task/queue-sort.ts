import { timestampMs } from "@bufbuild/protobuf/wkt";
import { oneOf } from "../../shell/search.ts";
import type { QueueRow } from "./queues.ts";
import { standingOf } from "./standing.ts";

/** What can be sorted by. */
export const queueSortKeys = [
  "standing",
  "name",
  "ready",
  "oldest",
  "rate",
  "working",
  "scheduled",
  "blocked",
  "failed",
  "workers",
] as const;
export type QueueSortKey = (typeof queueSortKeys)[number];

/** An order of the rows. */
export interface QueueSort {
  readonly key: QueueSortKey;
  readonly descending: boolean;
}

/** The order that an address tells; whoever needs somebody comes first unless told otherwise. */
export function queueSortIn(text = "standing"): QueueSort {
  const key = oneOf(queueSortKeys, text.replace("-", "")) ?? "standing";
  return { key, descending: text.startsWith("-") };
}

/** Sorted by a key; what is equal stands by name, so that rows stay where they are. */
export function sortQueues(rows: readonly QueueRow[], sort: QueueSort): QueueRow[] {
  const sign = sort.descending ? -1 : 1;
  return rows.toSorted((one, other) => {
    const left = placeOf(one, sort.key);
    const right = placeOf(other, sort.key);
    if (left === right) return one.name < other.name ? -1 : 1;
    return left < right ? -sign : sign;
  });
}

function placeOf({ name, queue }: QueueRow, by: QueueSortKey): string | number | bigint {
  switch (by) {
    case "name":
      return name;
    case "standing":
      return standingOf(queue).rank;
    case "oldest":
      // The older, the more: what does not wait at all is the least.
      return queue.oldestReadyTime === undefined ? 0 : 1 / timestampMs(queue.oldestReadyTime);
    case "rate":
      return queue.completedPerMinute;
    default:
      return queue[by];
  }
}

/** Those that have all of the words in their names or in why they are paused. */
export function findQueues(rows: readonly QueueRow[], words: string): readonly QueueRow[] {
  const wanted = words.toLowerCase().split(/\s+/u).filter(Boolean);
  if (wanted.length === 0) return rows;
  return rows.filter(({ name, queue }) => {
    const text = `${name} ${queue.settings?.pauseReason ?? ""}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
