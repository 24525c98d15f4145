import { type FocusEvent, type ReactNode, useRef, useState } from "react";
import { countText } from "./measure.ts";
import { type RoomColumn, useRoom } from "./room.ts";
import { moveBetween } from "./row-keys.ts";
import { useRows } from "./rows.tsx";
import { Table } from "./table.tsx";

/** What a row is drawn with. */
export interface RowPlace {
  /** Those that have room. */
  readonly columns: readonly RoomColumn[];
  /** Whether the keyboard comes to this row of all. */
  readonly stop: boolean;
}

interface RowTableProps<Row> {
  readonly caption: string;
  /** All there are; those that matter least go first where there is little room. */
  readonly columns: readonly RoomColumn[];
  readonly found: readonly Row[];
  /** How many there are besides those that were found. */
  readonly all: number;
  /** What each row bears as `data-row`. */
  readonly keyOf: (row: Row) => string;
  readonly sort: { readonly key: string; readonly descending: boolean };
  /** Told as the address has it: "-name" for descending. */
  readonly onSort: (sort: string) => void;
  /** The row that the keyboard comes to before it was in another one. */
  readonly selected?: string | undefined;
  readonly children: (row: Row, place: RowPlace) => ReactNode;
}

/** A table that is sorted by its heads; the arrow keys go from one row to the next. */
export function RowTable<Row>(props: RowTableProps<Row>) {
  const { caption, found, all, keyOf, sort, onSort, selected, children } = props;
  const frame = useRef<HTMLDivElement>(null);
  const columns = useRoom(props.columns, frame);
  const { rows, more } = useRows(found);
  const [at, setAt] = useState<string>();
  const stop = stopOf(rows.map(keyOf), [at, selected]);
  const { key, descending } = sort;
  return (
    <div
      className="scrolls min-h-0 flex-1 bg-surface"
      onFocus={(event) => setAt(rowOf(event) ?? at)}
      onKeyDown={(event) => moveBetween(event, "data-row")}
      ref={frame}
      role="presentation"
    >
      <Table
        caption={caption}
        columns={columns}
        onSort={(next) => onSort(next === key && !descending ? `-${next}` : next)}
        sort={{ key, descending }}
      >
        {rows.map((row) => children(row, { columns, stop: keyOf(row) === stop }))}
      </Table>
      {more}
      <p aria-live="polite" className="sr-only">
        {found.length < all &&
          `Showing ${countText(found.length)} of ${countText(all)} ${caption.toLowerCase()}`}
      </p>
    </div>
  );
}

/** The first of the wishes that is among the rows, or the first row. */
function stopOf(keys: readonly string[], wishes: readonly (string | undefined)[]) {
  const known = new Set(keys);
  return wishes.find((key) => key !== undefined && known.has(key)) ?? keys[0];
}

function rowOf({ target }: FocusEvent): string | undefined {
  return target instanceof HTMLElement ? target.dataset["row"] : undefined;
}
