import { useCallback } from "react";
import { RowTable } from "../../parts/row-table.tsx";
import { streamColumns } from "./stream-columns.ts";
import { StreamLine } from "./stream-line.tsx";
import type { StreamRow } from "./streams.ts";
import { useSyncView } from "./view.ts";

interface StreamTableProps {
  readonly rows: readonly StreamRow[];
  /** How many there are besides those that were found. */
  readonly all: number;
  /** Whether what is shown is of now. */
  readonly isLive: boolean;
}

/** The streams in rows; the arrow keys go from one to the next. */
export function StreamTable({ rows, all, isLive }: StreamTableProps) {
  const [view, change] = useSyncView();
  const select = useCallback((selected: string) => change({ selected }), [change]);
  return (
    <RowTable
      all={all}
      caption="Streams"
      columns={streamColumns}
      found={rows}
      keyOf={({ key }) => key}
      onSort={(sort) => change({ sort }, true)}
      selected={view.selected}
      sort={view.sort}
    >
      {(row, place) => (
        <StreamLine
          {...place}
          isLive={isLive}
          key={row.key}
          onSelect={select}
          row={row}
          selected={row.key === view.selected}
        />
      )}
    </RowTable>
  );
}
