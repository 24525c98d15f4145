import { type FocusEvent, useCallback, useMemo, useRef, useState } from "react";
import { countText } from "../../parts/measure.ts";
import { moveBetween } from "../../parts/row-keys.ts";
import { useRows } from "../../parts/rows.tsx";
import { Table } from "../../parts/table.tsx";
import { useSize } from "../../parts/use-size.ts";
import { queueColumnsFor } from "./queue-columns.ts";
import { QueueLine } from "./queue-line.tsx";
import type { QueueRow } from "./queues.ts";
import { useStretch } from "./use-stretch.ts";
import { useTaskView } from "./view.ts";

/** The queues in rows; the arrow keys go from one to the next. */
export function QueueTable({ rows: found, all }: { rows: readonly QueueRow[]; all: number }) {
  const [{ sort }, change] = useTaskView();
  const { key, descending } = sort;
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  const columns = useMemo(() => queueColumnsFor(width), [width]);
  const { rows, more } = useRows(found);
  const stretch = useStretch();
  const [at, setAt] = useState<string>();
  const stop = rows.find(({ name }) => name === at)?.name ?? rows[0]?.name;
  const sortBy = (next: string) =>
    change({ sort: next === key && !descending ? `-${next}` : next }, true);
  const open = useCallback((queue: string) => change({ queue, q: undefined }), [change]);
  return (
    <div
      className="scrolls min-h-0 flex-1 bg-surface"
      onFocus={(event) => setAt(rowOf(event) ?? at)}
      onKeyDown={(event) => moveBetween(event, "data-row")}
      ref={frame}
      role="presentation"
    >
      <Table caption="Queues" columns={columns} onSort={sortBy} sort={{ key, descending }}>
        {rows.map((row) => (
          <QueueLine
            columns={columns}
            key={row.name}
            onOpen={open}
            row={row}
            stop={row.name === stop}
            stretch={stretch}
          />
        ))}
      </Table>
      {more}
      <p aria-live="polite" className="sr-only">
        {found.length < all && `Showing ${countText(found.length)} of ${countText(all)} queues`}
      </p>
    </div>
  );
}

function rowOf({ target }: FocusEvent): string | undefined {
  return target instanceof HTMLElement ? target.dataset["row"] : undefined;
}
