import { memo } from "react";
import { Badge } from "../../parts/badge.tsx";
import { payloadOf } from "../../parts/fact.ts";
import { Icon } from "../../parts/icon.tsx";
import { countText } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import { Ago } from "../../parts/time.tsx";
import type { Row } from "./log.ts";
import { lineOf } from "./payload-line.ts";

export const rowHeight = 36;

interface EventRowProps {
  readonly row: Row;
  readonly index: number;
  readonly name: string | undefined;
  readonly selected: boolean;
  /** Whether the keyboard comes to this row of all. */
  readonly stop: boolean;
  readonly onSelect: (cursor: bigint) => void;
}

const shape =
  "absolute inset-x-0 contain-strict flex items-center gap-3 border-b border-line px-5 text-sm";

/** One event, or one stretch that is missing. */
export const EventRow = memo(function EventRow(props: EventRowProps) {
  const { row, index } = props;
  const style = { top: index * rowHeight, height: rowHeight };
  if (row.case === "gap") {
    return (
      <div
        aria-rowindex={index + 2}
        className={`${shape} bg-degraded-ground text-degraded`}
        role="row"
        style={style}
      >
        <span className="flex min-w-0 items-center gap-2" role="cell">
          <Icon name="gap" />
          <span className="truncate">
            Gap: {countText(row.cursor - row.from + 1n)} events ({row.from.toString()} to{" "}
            {row.cursor.toString()}) are missing{row.reason && `: ${row.reason.slice(0, 200)}`}
          </span>
        </span>
      </div>
    );
  }
  return (
    <div
      aria-rowindex={index + 2}
      className={`${shape} has-focus-visible:bg-accent-ground ${props.selected ? "bg-accent-ground" : "hover:bg-sunken"}`}
      role="row"
      style={style}
    >
      <FactCells {...props} row={row} />
    </div>
  );
});

type FactRowProps = EventRowProps & { readonly row: Extract<Row, { case: "fact" }> };

function FactCells({ row, name, selected, stop, onSelect }: FactRowProps) {
  const { fact } = row;
  return (
    <>
      <span className="w-20 text-right" role="cell">
        <button
          aria-label={`Event ${row.cursor}`}
          aria-pressed={selected}
          className="figures font-mono text-xs text-accent after:absolute after:inset-0"
          data-row={row.cursor.toString()}
          onClick={() => onSelect(row.cursor)}
          tabIndex={stop ? 0 : -1}
          type="button"
        >
          {row.cursor.toString()}
        </button>
      </span>
      <span className="w-20 text-xs text-muted" role="cell">
        <Ago at={fact.receivedMs} />
      </span>
      <span className="w-48 min-w-0 overflow-hidden" role="cell">
        <Badge>{fact.event.type.slice(0, 60)}</Badge>
      </span>
      <span className="w-36 min-w-0" role="cell">
        <Name text={name ?? shortSource(fact.event.source)} />
      </span>
      <span className="min-w-0 flex-1 text-xs text-muted" role="cell">
        <bdi className="block truncate">{lineOf(fact.event.type, payloadOf(fact))}</bdi>
      </span>
    </>
  );
}

/** A source that is no node is a hub, or one that left. */
function shortSource(source: string): string {
  const [kind = "", id = ""] = source.split("/").slice(-2);
  return kind === "hub" ? `hub of ${source.split("/")[2] ?? id}` : `${kind}/${id}`;
}
