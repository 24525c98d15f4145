import {
  type KeyboardEvent,
  memo,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { flushSync } from "react-dom";
import { useSize } from "../../parts/use-size.ts";
import { sliceOf } from "../../parts/window.ts";
import { EventRow, rowHeight } from "./event-row.tsx";
import type { Row } from "./log.ts";
import type { Names } from "./narrow.ts";
import { useReading } from "./reading.ts";

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
  const { height } = useSize(ref);
  const [top, setTop] = useState(0);
  const reading = useReading(ref, rowHeight / 2, props.onReading);
  const count = rows.length;
  useLayoutEffect(() => {
    if (ref.current !== null && props.top > 0) ref.current.scrollTop = 0;
  }, [props.top]);
  useInSight(ref, rows, selected);
  const { start, end } = sliceOf(count, rowHeight, top, height);
  const drawn = rows.slice(count - end, count - start).toReversed();
  return (
    <div
      aria-label="Event log"
      aria-rowcount={count + 1}
      className="scrolls min-h-0 flex-1 bg-surface outline-offset-[-2px]"
      onBlur={reading.onBlur}
      onFocus={reading.onFocus}
      onKeyDown={(event) => moveFocus(event, ref.current)}
      onScroll={(event) => {
        const { scrollTop } = event.currentTarget;
        // Drawn before the next frame: a blank row is never seen, however fast somebody scrolls.
        flushSync(() => setTop(scrollTop));
        reading.onScroll();
      }}
      ref={ref}
      role="table"
      tabIndex={0}
    >
      <Heads />
      <div
        className="relative"
        onPointerLeave={reading.onPointerLeave}
        onPointerMove={reading.onPointerMove}
        role="rowgroup"
        style={{ height: count * rowHeight }}
      >
        <Drawn {...{ drawn, start, names, selected, onSelect }} />
      </div>
    </div>
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

function Heads() {
  return (
    <div className="sticky top-0 z-10 border-b border-line bg-surface" role="rowgroup">
      <div
        aria-rowindex={1}
        className="flex h-9 items-center gap-3 px-5 text-xs font-medium text-muted"
        role="row"
      >
        {heads.map(([word, shape]) => (
          <span className={shape} key={word} role="columnheader">
            {word}
          </span>
        ))}
      </div>
    </div>
  );
}

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

function moveFocus(event: KeyboardEvent, table: HTMLElement | null): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0 || table === null) return;
  event.preventDefault();
  const rows = [...table.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.findIndex((row) => row === document.activeElement);
  const next = at === -1 ? rows.find((row) => row.tabIndex === 0) : rows[at + step];
  next?.focus();
}
