import { memo, type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import { LongTable } from "../../parts/long-table.tsx";
import { EventRow, rowHeight } from "./event-row.tsx";
import type { Row } from "./log.ts";
import type { Names } from "./narrow.ts";

interface EventRowsProps {
  /** Oldest first. */
  readonly rows: readonly Row[];
  readonly names: Names;
  readonly selected: bigint | undefined;
  readonly onSelect: (cursor: bigint) => void;
  readonly onReading: (reading: boolean) => void;
  /** Grows whenever the newest is asked for. */
  readonly top: number;
}

const headHeight = 36;

/** The log as a table, newest first; only what is in sight is drawn. */
export const EventRows = memo(function EventRows(props: EventRowsProps) {
  const { rows, names, selected, onSelect } = props;
  const ref = useRef<HTMLDivElement>(null);
  const count = rows.length;
  useLayoutEffect(() => {
    if (ref.current !== null && props.top > 0) ref.current.scrollTop = 0;
  }, [props.top]);
  useInSight(ref, rows, selected);
  return (
    <LongTable
      count={count}
      frame={ref}
      heads={heads}
      label="Event log"
      onReading={props.onReading}
      rowHeight={rowHeight}
    >
      {({ start, end }) => (
        <Drawn
          drawn={rows.slice(count - end, count - start).toReversed()}
          {...{ start, names, selected, onSelect }}
        />
      )}
    </LongTable>
  );
});

/** The rows in sight, newest first. */
function Drawn(props: {
  drawn: readonly Row[];
  start: number;
  names: Names;
  selected: bigint | undefined;
  onSelect: (cursor: bigint) => void;
}) {
  const { drawn, start, names, selected, onSelect } = props;
  const stop = stopOf(drawn, selected);
  return drawn.map((row, index) => (
    <EventRow
      index={start + index}
      key={`${row.case}${row.cursor}`}
      name={row.case === "fact" ? names.get(row.fact.event.source) : undefined}
      onSelect={onSelect}
      row={row}
      selected={row.case === "fact" && row.cursor === selected}
      stop={row === stop}
    />
  ));
}

const heads = [
  ["Cursor", "w-20 text-right"],
  ["Stored", "w-20"],
  ["Family", "w-48"],
  ["Source", "w-36"],
  ["What was said", "flex-1"],
] as const;

/** The one row that Tab comes to: the open one while it is in sight, else the first event. */
function stopOf(drawn: readonly Row[], selected: bigint | undefined): Row | undefined {
  const facts = drawn.filter((row) => row.case === "fact");
  return facts.find(({ cursor }) => cursor === selected) ?? facts[0];
}

/** Scrolls as little as it takes to see the event that was opened, once it is another one. */
function useInSight(
  ref: RefObject<HTMLDivElement | null>,
  rows: readonly Row[],
  selected: bigint | undefined,
): void {
  const current = useRef(rows);
  useLayoutEffect(() => {
    current.current = rows;
  });
  useEffect(() => {
    const element = ref.current;
    const place = current.current.findLastIndex(
      (row) => row.case === "fact" && row.cursor === selected,
    );
    if (element === null || place === -1) return;
    const y = (current.current.length - 1 - place) * rowHeight;
    const room = element.clientHeight - headHeight - rowHeight;
    if (y < element.scrollTop) element.scrollTop = y;
    else if (y > element.scrollTop + room) element.scrollTop = y - room;
  }, [ref, selected]);
}
