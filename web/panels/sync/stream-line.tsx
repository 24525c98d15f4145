import { memo, type ReactNode } from "react";
import { Spark } from "../../parts/key-figure.tsx";
import { countText, shortCount } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import type { RoomColumn } from "../../parts/room.ts";
import { Cells } from "../../parts/table.tsx";
import { Ago } from "../../parts/time.tsx";
import { waitText } from "./lag-text.ts";
import { LagBadge } from "./lag-badge.tsx";
import { streamName } from "./stream-key.ts";
import type { StreamRow } from "./streams.ts";
import { isLively } from "./trace.ts";

interface StreamLineProps {
  readonly row: StreamRow;
  readonly columns: readonly RoomColumn[];
  readonly isLive: boolean;
  readonly selected: boolean;
  /** Whether the keyboard comes to this row of all. */
  readonly stop: boolean;
  readonly onSelect: (key: string) => void;
}

/** One stream; drawn anew only when something of it was told. */
export const StreamLine = memo(function StreamLine(props: StreamLineProps) {
  const { columns, selected } = props;
  return (
    <tr
      className={`relative has-focus-visible:bg-accent-ground ${selected ? "bg-accent-ground" : "hover:bg-sunken"}`}
    >
      <Cells columns={columns}>{(key) => cellOf(key, props)}</Cells>
    </tr>
  );
});

function cellOf(column: string, props: StreamLineProps): ReactNode {
  const { row, isLive } = props;
  const { status, lag, toldMs, trace } = row;
  switch (column) {
    case "name":
      return <Title {...props} />;
    case "zone":
      return <span className="font-mono text-xs">{status.stream?.zone}</span>;
    case "lane":
      return status.stream?.lane;
    case "head":
      return <span title={countText(status.head)}>{shortCount(status.head)}</span>;
    case "cells":
      return shortCount(status.cells);
    case "conflicts":
      return <Conflicts count={status.conflicts} />;
    case "followers":
      return <Followers row={row} />;
    case "lag":
      return (
        <span className="flex items-center justify-between gap-3">
          <LagBadge isLive={isLive} lag={lag} toldMs={toldMs} />
          {isLively(trace) && (
            <Spark
              say={waitText}
              tone="text-muted"
              values={trace.values}
              what="Longest wait, last five minutes"
            />
          )}
        </span>
      );
    default:
      return <Ago at={status.changeTime} never="never" />;
  }
}

function Title({ row, selected, stop, onSelect }: StreamLineProps) {
  const { stream } = row.status;
  return (
    <button
      aria-pressed={selected}
      className="block max-w-72 text-left font-medium text-accent after:absolute after:inset-0"
      data-row={row.key}
      onClick={() => onSelect(row.key)}
      tabIndex={stop ? 0 : -1}
      type="button"
    >
      <Name text={stream === undefined ? row.key : streamName(stream)} />
    </button>
  );
}

function Conflicts({ count }: { count: number }) {
  return (
    <span className={count > 0 ? "font-medium text-degraded" : "text-muted"}>
      {countText(count)}
    </span>
  );
}

function Followers({ row: { status } }: { row: StreamRow }) {
  const refused = status.followers.filter(({ refusal }) => refusal).length;
  return (
    <span className="whitespace-nowrap">
      {countText(status.followers.length)}
      {refused > 0 && <span className="text-xs text-offline"> {countText(refused)} refused</span>}
    </span>
  );
}
