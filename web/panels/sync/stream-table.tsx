import { type FocusEvent, useCallback, useMemo, useRef, useState } from "react";
import { countText } from "../../parts/measure.ts";
import { moveBetween } from "../../parts/row-keys.ts";
import { useRows } from "../../parts/rows.tsx";
import { Table } from "../../parts/table.tsx";
import { useSize } from "../../parts/use-size.ts";
import { columnsFor } from "./stream-columns.ts";
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
export function StreamTable({ rows: found, all, isLive }: StreamTableProps) {
  const [view, change] = useSyncView();
  const { key, descending } = view.sort;
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  const columns = useMemo(() => columnsFor(width), [width]);
  const { rows, more } = useRows(found);
  const [at, setAt] = useState<string>();
  const stop = stopOf(rows, [at, view.selected]);
  const sortBy = (next: string) =>
    change({ sort: next === key && !descending ? `-${next}` : next }, true);
  const select = useCallback((selected: string) => change({ selected }), [change]);
  return (
    <div
      className="scrolls min-h-0 flex-1 bg-surface"
      onFocus={(event) => setAt(rowOf(event) ?? at)}
      onKeyDown={(event) => moveBetween(event, "data-row")}
      ref={frame}
      role="presentation"
    >
      <Table caption="Streams" columns={columns} onSort={sortBy} sort={{ key, descending }}>
        {rows.map((row) => (
          <StreamLine
            columns={columns}
            isLive={isLive}
            key={row.key}
            onSelect={select}
            row={row}
            selected={row.key === view.selected}
            stop={row.key === stop}
          />
        ))}
      </Table>
      {more}
      <p aria-live="polite" className="sr-only">
        {found.length < all && `Showing ${countText(found.length)} of ${countText(all)} streams`}
      </p>
    </div>
  );
}

/** The first of the wishes that is among the rows, or the first row. */
function stopOf(rows: readonly StreamRow[], wishes: readonly (string | undefined)[]) {
  const keys = new Set(rows.map(({ key }) => key));
  return wishes.find((key) => key !== undefined && keys.has(key)) ?? rows[0]?.key;
}

function rowOf({ target }: FocusEvent): string | undefined {
  return target instanceof HTMLElement ? target.dataset["row"] : undefined;
}
