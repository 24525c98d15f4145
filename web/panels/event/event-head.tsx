import { Button } from "../../parts/button.tsx";
import { ConnectionBadge } from "../../parts/connection.tsx";
import type { Connection } from "../../parts/follow.ts";
import { countText } from "../../parts/measure.ts";
import { PageHead } from "../../parts/page.tsx";
import { type Log, type Row, rowsMax } from "./log.ts";
import type { Names } from "./narrow.ts";
import { TakeMenu } from "./take-menu.tsx";

interface EventHeadProps {
  readonly connection: Connection;
  readonly log: Log;
  readonly rows: readonly Row[];
  readonly names: Names;
  readonly paused: boolean;
  readonly newer: number;
  readonly onPause: () => void;
}

/** How the log stands, and what can be done with it. */
export function EventHead(props: EventHeadProps) {
  const { connection, log, rows, names, paused, newer, onPause } = props;
  return (
    <PageHead
      aside={
        <div className="flex items-center gap-2">
          <TakeMenu names={names} rows={rows} />
          <Button icon={paused ? "play" : "pause"} onClick={onPause}>
            {paused ? `Continue, ${countText(newer)} waiting` : "Pause"}
          </Button>
        </div>
      }
      title="Events"
    >
      <ConnectionBadge connection={connection} />
      <span aria-live="off" className="figures text-xs text-muted">
        {countText(rows.length)} rows
        {log.dropped > 0 && `, the newest ${countText(rowsMax)}`}
      </span>
    </PageHead>
  );
}
