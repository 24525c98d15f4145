import type { Column } from "../../parts/table.tsx";

/** A column of the table, and how wide the table has to be for it to be worth its place. */
interface NodeColumn extends Column {
  readonly fromPx: number;
}

const columns: readonly NodeColumn[] = [
  { key: "name", title: "Name", sortable: true, fromPx: 0 },
  { key: "state", title: "State", sortable: true, fromPx: 0 },
  { key: "project", title: "Project", sortable: true, fromPx: 520 },
  { key: "env", title: "Environment", sortable: true, fromPx: 680 },
  { key: "role", title: "Role", sortable: true, fromPx: 860 },
  { key: "seen", title: "Last seen", sortable: true, fromPx: 400 },
  { key: "trip", title: "Round trip", sortable: true, right: true, fromPx: 600 },
  { key: "skew", title: "Clock", sortable: true, right: true, fromPx: 780 },
  { key: "lines", title: "Lines", right: true, fromPx: 960 },
];

/** The columns that have room; those that matter least go first. */
export function columnsFor(widthPx: number): readonly Column[] {
  return columns.filter(({ fromPx }) => widthPx >= fromPx);
}
