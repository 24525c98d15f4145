import type { RoomColumn } from "../../parts/room.ts";

/** What is told of a queue in its row. */
export const queueColumns: readonly RoomColumn[] = [
  { key: "name", title: "Queue", sortable: true, fromPx: 0 },
  { key: "standing", title: "Stands", width: 8, sortable: true, fromPx: 0 },
  { key: "ready", title: "Ready", width: 5, sortable: true, right: true, fromPx: 0 },
  { key: "oldest", title: "Oldest", width: 7, sortable: true, right: true, fromPx: 560 },
  { key: "rate", title: "A minute", width: 13, sortable: true, fromPx: 840 },
  { key: "working", title: "Working", width: 5, sortable: true, right: true, fromPx: 660 },
  { key: "scheduled", title: "Delayed", width: 5, sortable: true, right: true, fromPx: 1100 },
  { key: "blocked", title: "Blocked", width: 5, sortable: true, right: true, fromPx: 1280 },
  { key: "failed", title: "Dead letters", width: 7, sortable: true, right: true, fromPx: 480 },
  { key: "workers", title: "Workers", width: 7, sortable: true, right: true, fromPx: 740 },
];
