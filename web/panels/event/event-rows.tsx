import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";
import { useSize } from "../../parts/use-size.ts";
import { scrollAfter, sliceOf } from "../../parts/window.ts";
import { useNodesBySource } from "../node/nodes.tsx";
import { EventRow, rowHeight } from "./event-row.tsx";
import type { Log } from "./log.ts";

/** The log as a table, newest first; only what is in sight is drawn. */
export function EventRows(props: {
  log: Log;
  selected: bigint | undefined;
  onSelect: (cursor: bigint) => void;
}) {
  const { log, selected, onSelect } = props;
  const ref = useRef<HTMLDivElement>(null);
  const { height } = useSize(ref);
  const [top, setTop] = useState(0);
  const names = useNodesBySource();
  const count = log.rows.length;
  useAnchor(ref, log.taken);
  const { start, end } = sliceOf(count, rowHeight, top, height);
  const onKey = (event: KeyboardEvent) => moveFocus(event, ref.current);
  return (
    <div
      aria-label="Event log"
      aria-rowcount={count + 1}
      className="scrolls min-h-0 flex-1 bg-surface outline-offset-[-2px]"
      onKeyDown={onKey}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      ref={ref}
      role="table"
      tabIndex={0}
    >
      <Heads />
      <div className="relative" role="rowgroup" style={{ height: count * rowHeight }}>
        {log.rows
          .slice(count - end, count - start)
          .toReversed()
          .map((row, index) => (
            <EventRow
              index={start + index}
              key={`${row.case}${row.cursor}`}
              name={row.case === "fact" ? names.get(row.fact.event.source)?.name : undefined}
              onSelect={onSelect}
              row={row}
              selected={row.cursor === selected}
            />
          ))}
      </div>
    </div>
  );
}

function Heads() {
  return (
    <div className="sticky top-0 z-10 border-b border-line bg-surface" role="rowgroup">
      <div
        aria-rowindex={1}
        className="flex h-9 items-center gap-3 px-5 text-xs font-medium text-muted"
        role="row"
      >
        <span className="w-20 text-right" role="columnheader">
          Cursor
        </span>
        <span className="w-24" role="columnheader">
          Stored
        </span>
        <span className="w-48" role="columnheader">
          Family
        </span>
        <span className="w-36" role="columnheader">
          Source
        </span>
        <span className="flex-1" role="columnheader">
          What was said
        </span>
      </div>
    </div>
  );
}

/** Keeps what is read in place while rows come in above it. */
function useAnchor(ref: React.RefObject<HTMLDivElement | null>, taken: number): void {
  const before = useRef(taken);
  useLayoutEffect(() => {
    const element = ref.current;
    const added = taken - before.current;
    before.current = taken;
    if (element === null || added <= 0) return;
    element.scrollTop = scrollAfter(element.scrollTop, added, rowHeight);
  }, [ref, taken]);
}

function moveFocus(event: KeyboardEvent, table: HTMLElement | null): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0 || table === null) return;
  event.preventDefault();
  const rows = [...table.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.findIndex((row) => row === document.activeElement);
  const next = at === -1 ? rows[0] : rows[at + step];
  next?.focus();
}
