import { memo, type ReactNode } from "react";
import { Badge } from "../../parts/badge.tsx";
import { Icon } from "../../parts/icon.tsx";
import { clip, countText, shortCount } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import type { RoomColumn } from "../../parts/room.ts";
import { Cells } from "../../parts/table.tsx";
import { Since } from "../../parts/time.tsx";
import { perMinuteText } from "./flow.ts";
import type { QueueRow } from "./queues.ts";
import { RatePicture } from "./rate-picture.tsx";
import { standingOf } from "./standing.ts";

interface QueueLineProps {
  readonly row: QueueRow;
  readonly columns: readonly RoomColumn[];
  readonly stretch: number;
  /** Whether the keyboard comes to this row of all. */
  readonly stop: boolean;
  readonly onOpen: (name: string) => void;
}

/** One queue; drawn anew only when something of it was told, or its picture moves. */
export const QueueLine = memo(function QueueLine(props: QueueLineProps) {
  const { columns } = props;
  return (
    <tr className="relative hover:bg-sunken has-focus-visible:bg-accent-ground">
      <Cells columns={columns}>{(key) => cellOf(key, props)}</Cells>
    </tr>
  );
});

function cellOf(column: string, props: QueueLineProps): ReactNode {
  const { row, stretch } = props;
  const { queue } = row;
  switch (column) {
    case "name":
      return <Title {...props} />;
    case "standing":
      return <StandingBadge row={row} />;
    case "ready":
      return <Count of={queue.ready} strong />;
    case "oldest":
      return queue.oldestReadyTime === undefined ? dash : <Since at={queue.oldestReadyTime} />;
    case "rate":
      return (
        <span className="flex items-center gap-2.5">
          <RatePicture flow={row.flow} stretch={stretch} widthPx={96} />
          <span className="figures text-xs whitespace-nowrap text-muted">
            {perMinuteText(queue.submittedPerMinute)} in, {perMinuteText(queue.completedPerMinute)}{" "}
            done
          </span>
        </span>
      );
    case "failed":
      return <Dead count={queue.failed} />;
    case "workers":
      return <Workers row={row} />;
    default:
      return <Count of={countOf(row, column)} />;
  }
}

const dash = <span className="text-muted">–</span>;

function countOf({ queue }: QueueRow, column: string): bigint {
  if (column === "working") return queue.working;
  return column === "blocked" ? queue.blocked : queue.scheduled;
}

/** A zero is calm. */
function Count({ of, strong = false }: { of: bigint; strong?: boolean }) {
  if (of === 0n) return <span className="text-muted">0</span>;
  return (
    <span className={strong ? "font-medium" : ""} title={countText(of)}>
      {shortCount(of)}
    </span>
  );
}

function Dead({ count }: { count: bigint }) {
  if (count === 0n) return <span className="text-muted">0</span>;
  return (
    <span className="inline-flex items-center gap-1.5 text-offline">
      <Icon name="offline" size={13} />
      <Count of={count} strong />
    </span>
  );
}

function Title({ row, stop, onOpen }: QueueLineProps) {
  const reason = row.queue.settings?.pauseReason ?? "";
  return (
    <span className="flex min-w-0 items-baseline gap-3">
      <button
        className="block max-w-60 min-w-0 text-left font-medium text-accent after:absolute after:inset-0 max-sm:max-w-36"
        data-row={row.name}
        onClick={() => onOpen(row.name)}
        tabIndex={stop ? 0 : -1}
        type="button"
      >
        <Name text={row.name} />
      </button>
      {reason !== "" && (
        <span
          className="w-0 max-w-80 min-w-16 flex-1 truncate text-xs text-muted max-[85rem]:hidden"
          title={reason}
        >
          {clip(reason, 120)}
        </span>
      )}
    </span>
  );
}

/** How a queue stands; one that nobody works on has a ground of its own. */
export function StandingBadge({ row: { queue } }: { row: QueueRow }) {
  const { word, icon, tone, isStuck } = standingOf(queue);
  return (
    <Badge icon={icon} quiet={!isStuck} tone={tone}>
      {word}
    </Badge>
  );
}

function Workers({ row: { queue } }: { row: QueueRow }) {
  const { workers, room } = queue;
  if (workers === 0) return <span className="text-muted">none</span>;
  return (
    <span className="whitespace-nowrap" title="Workers that are connected, and for how many more">
      {countText(workers)}
      <span className="text-xs text-muted">
        {room === 0 ? ", full" : `, room ${countText(room)}`}
      </span>
    </span>
  );
}
