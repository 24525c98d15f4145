import type { RoomColumn } from "../../parts/room.ts";

/** What is told of a stream in its row. */
export const streamColumns: readonly RoomColumn[] = [
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
