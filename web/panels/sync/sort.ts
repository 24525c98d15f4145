import { timestampMs } from "@bufbuild/protobuf/wkt";
import { oneOf } from "../../shell/search.ts";
import type { StreamRow } from "./streams.ts";

/** What can be sorted by. */
export const streamSortKeys = [
  "name",
  "zone",
  "lane",
  "head",
  "cells",
  "conflicts",
  "followers",
  "lag",
  "changed",
] as const;
export type StreamSortKey = (typeof streamSortKeys)[number];

/** An order of the rows. */
export interface StreamSort {
  readonly key: StreamSortKey;
  readonly descending: boolean;
}

/** The order that an address tells. */
export function sortIn(text = "name"): StreamSort {
  const key = oneOf(streamSortKeys, text.replace("-", "")) ?? "name";
  return { key, descending: text.startsWith("-") };
}

/** Sorted by a key; what is equal stands by name, so that rows stay where they are. */
export function sortStreams(rows: readonly StreamRow[], sort: StreamSort): StreamRow[] {
  const sign = sort.descending ? -1 : 1;
  return rows.toSorted((one, other) => {
    const left = placeOf(one, sort.key);
    const right = placeOf(other, sort.key);
    if (left === right) return one.key < other.key ? -1 : 1;
    return left < right ? -sign : sign;
  });
}

function placeOf({ key, status, lag }: StreamRow, by: StreamSortKey): string | number {
  switch (by) {
    case "name":
      return key;
    case "zone":
      return status.stream?.zone ?? "";
    case "lane":
      return status.stream?.lane ?? 0;
    case "followers":
      return status.followers.length;
    case "lag":
      return lag.ops === 0 ? -1 : lag.ms;
    case "changed":
      return status.changeTime === undefined ? 0 : timestampMs(status.changeTime);
    default:
      return status[by];
  }
}

/** Those whose stream or follower has all of the words in its name. */
export function findStreams(rows: readonly StreamRow[], words: string): readonly StreamRow[] {
  const wanted = words.toLowerCase().split(/\s+/u).filter(Boolean);
  if (wanted.length === 0) return rows;
  return rows.filter(({ key, status }) => {
    const text = [key, ...status.followers.map(({ name }) => name)].join(" ").toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
