import type { Column } from "../../parts/table.tsx";

/** A column of the table, and how wide the table has to be for it to be worth its place. */
export interface StreamColumn extends Column {
  readonly fromPx: number;
}

const columns: readonly StreamColumn[] = [
  { key: "name", title: "Stream", sortable: true, fromPx: 0 },
  { key: "zone", title: "Zone", sortable: true, fromPx: 1010 },
  { key: "lane", title: "Lane", width: 4, sortable: true, right: true, fromPx: 800 },
  { key: "head", title: "Head", width: 6, sortable: true, right: true, fromPx: 620 },
  { key: "cells", title: "Cells", width: 6, sortable: true, right: true, fromPx: 1100 },
  { key: "conflicts", title: "Conflicts", width: 7, sortable: true, right: true, fromPx: 540 },
  { key: "followers", title: "Followers", width: 7, sortable: true, right: true, fromPx: 740 },
  { key: "lag", title: "Longest wait", width: 15, sortable: true, fromPx: 0 },
  { key: "changed", title: "Last write", width: 7, sortable: true, fromPx: 920 },
];

/** The columns that have room; those that matter least go first. */
export function columnsFor(widthPx: number): readonly StreamColumn[] {
  return columns.filter(({ fromPx }) => widthPx >= fromPx);
}
