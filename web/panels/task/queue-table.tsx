import { useCallback } from "react";
import { RowTable } from "../../parts/row-table.tsx";
import { queueColumns } from "./queue-columns.ts";
import { QueueLine } from "./queue-line.tsx";
import type { QueueRow } from "./queues.ts";
import { useStretch } from "./use-stretch.ts";
import { useTaskView } from "./view.ts";

/** The queues in rows; the arrow keys go from one to the next. */
export function QueueTable({ rows, all }: { rows: readonly QueueRow[]; all: number }) {
  const [view, change] = useTaskView();
  const stretch = useStretch();
  const open = useCallback((queue: string) => change({ queue, q: undefined }), [change]);
  return (
    <RowTable
      all={all}
      caption="Queues"
      columns={queueColumns}
      found={rows}
      keyOf={({ name }) => name}
      onSort={(sort) => change({ sort }, true)}
      sort={view.sort}
    >
      {(row, place) => (
        <QueueLine {...place} key={row.name} onOpen={open} row={row} stretch={stretch} />
      )}
    </RowTable>
  );
}
