import { type KeyboardEvent, type ReactNode, type RefObject, useState } from "react";
import { flushSync } from "react-dom";
import { useReading } from "./reading.ts";
import { useSize } from "./use-size.ts";
import { type Slice, sliceOf } from "./window.ts";

/** A head by its word, and the shape of its column; an empty word stands over what can be done. */
export type LongHead = readonly [word: string, shape: string];

interface LongTableProps {
  readonly label: string;
  readonly heads: readonly LongHead[];
  /** How many rows there are. */
  readonly count: number;
  readonly rowHeight: number;
  /** What scrolls. */
  readonly frame: RefObject<HTMLDivElement | null>;
  readonly onReading: (reading: boolean) => void;
  /** Draws the rows in sight, each where it stands. */
  readonly children: (slice: Slice) => ReactNode;
}

/** A table of any length: only what is in sight is drawn, and it tells whether somebody reads it. */
export function LongTable(props: LongTableProps) {
  const { label, heads, count, rowHeight, frame, onReading, children } = props;
  const { height } = useSize(frame);
  const [top, setTop] = useState(0);
  const reading = useReading(frame, rowHeight / 2, onReading);
  return (
    <div
      aria-label={label}
      aria-rowcount={count + 1}
      className="scrolls min-h-0 flex-1 bg-surface outline-offset-[-2px]"
      onBlur={reading.onBlur}
      onFocus={reading.onFocus}
      onKeyDown={(event) => moveFocus(event, frame.current)}
      onScroll={(event) => {
        const { scrollTop } = event.currentTarget;
        // Drawn before the next frame: a blank row is never seen, however fast somebody scrolls.
        flushSync(() => setTop(scrollTop));
        reading.onScroll();
      }}
      ref={frame}
      role="table"
      tabIndex={0}
    >
      <Heads heads={heads} />
      <div
        className="relative"
        onPointerLeave={reading.onPointerLeave}
        onPointerMove={reading.onPointerMove}
        role="rowgroup"
        style={{ height: count * rowHeight }}
      >
        {children(sliceOf(count, rowHeight, top, height))}
      </div>
    </div>
  );
}

function Heads({ heads }: { heads: readonly LongHead[] }) {
  return (
    <div className="sticky top-0 z-20 border-b border-line bg-surface" role="rowgroup">
      <div
        aria-rowindex={1}
        className="flex h-9 items-center gap-3 px-5 text-xs font-medium whitespace-nowrap text-muted"
        role="row"
      >
        {heads.map(([word, shape]) => (
          <span className={`${shape} text-xs text-muted`} key={word} role="columnheader">
            {word || <span className="sr-only">Actions</span>}
          </span>
        ))}
      </div>
    </div>
  );
}

/** From row to row; what bears `data-row` is where the keyboard stops. */
function moveFocus(event: KeyboardEvent, table: HTMLElement | null): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0 || table === null) return;
  event.preventDefault();
  const rows = [...table.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.findIndex((row) => row === document.activeElement);
  const next = at === -1 ? rows.find((row) => row.tabIndex === 0) : rows[at + step];
  next?.focus();
}
