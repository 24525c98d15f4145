import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { ConnectionBadge } from "../../parts/connection.tsx";
import type { Connection } from "../../parts/follow.ts";
import type { Live } from "../../parts/live.ts";
import { Loading } from "../../parts/loading.tsx";
import { countText } from "../../parts/measure.ts";
import { TroubleCard } from "../../parts/note.tsx";
import { PageHead } from "../../parts/page.tsx";
import { useConnection, useLive } from "../../parts/use-live.ts";
import { EventFilter } from "./event-filter.tsx";
import { EventPanel } from "./event-panel.tsx";
import { EventRows } from "./event-rows.tsx";
import { type Log, rowsMax } from "./log.ts";
import { useLogLive } from "./log-live.ts";
import { NoEvents } from "./no-events.tsx";
import { useEventView } from "./view.ts";

/** The event log: what was told, newest first, and what is told now. */
export function EventPage() {
  const [view, change] = useEventView();
  const live = useLogLive(view);
  const log = useLive(live);
  const connection = useConnection(live);
  const [hold, setHold] = useState<{ live: Live<Log>; log: Log }>();
  // Another filter is another log; what was held of the one before is let go.
  const held = hold?.live === live ? hold.log : undefined;
  const shown = held ?? log;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHead
        aside={
          <PauseButton
            held={held}
            log={log}
            onHold={(pause) => setHold(pause ? { live, log } : undefined)}
          />
        }
        title="Events"
      >
        <ConnectionBadge connection={connection} />
        <EventFilter />
        <span aria-live="off" className="figures ml-auto text-xs text-muted">
          {countText(shown.rows.length)} rows
          {log.dropped > 0 && `, the newest ${countText(rowsMax)}`}
        </span>
      </PageHead>
      <div className="flex min-h-0 flex-1">
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          <Rows connection={connection} live={live} shown={shown} />
          {log.caughtUp && (
            <Depth
              depth={view.depth}
              head={log.cursor}
              onDeeper={() => change({ depth: String(view.depth * 10) })}
            />
          )}
        </div>
        {view.selected !== undefined && (
          <EventPanel cursor={view.selected} key={String(view.selected)} />
        )}
      </div>
    </div>
  );
}

function Rows(props: { shown: Log; live: Live<Log>; connection: Connection }) {
  const { shown, live, connection } = props;
  const [view, change] = useEventView();
  if (connection.state === "refused") {
    return (
      <div className="flex-1 p-6">
        <TroubleCard retry={live.hurry} trouble={connection.trouble} />
      </div>
    );
  }
  if (shown.rows.length === 0) {
    if (!shown.caughtUp) return <Loading label="Asking for the log" lines={9} />;
    return <NoEvents filtered={view.types.length > 0 || view.sources.length > 0} />;
  }
  return (
    <EventRows
      log={shown}
      onSelect={(cursor) => change({ selected: String(cursor) })}
      selected={view.selected}
    />
  );
}

function PauseButton(props: { held: Log | undefined; log: Log; onHold: (hold: boolean) => void }) {
  const { held, log, onHold } = props;
  const waiting = held === undefined ? 0 : log.taken - held.taken;
  return (
    <Button icon={held ? "play" : "pause"} onClick={() => onHold(held === undefined)}>
      {held === undefined ? "Pause" : `Continue, ${countText(waiting)} waiting`}
    </Button>
  );
}

interface DepthProps {
  readonly depth: number;
  readonly head: bigint | undefined;
  readonly onDeeper: () => void;
}

/** How far back this goes, and a way further where there is more. */
function Depth({ depth, head = 0n, onDeeper }: DepthProps) {
  if (head <= BigInt(depth)) {
    return (
      <footer className="mt-auto border-t border-line bg-surface px-5 py-3 text-xs text-muted">
        This is the whole log: {head === 0n ? "nothing yet" : `${countText(head)} places`}.
      </footer>
    );
  }
  return (
    <footer className="mt-auto flex items-center gap-3 border-t border-line bg-surface px-5 py-1.5 text-xs text-muted">
      <span className="flex-1">
        Looked through the newest {countText(depth)} places of the log.
      </span>
      <Button onClick={onDeeper} tone="quiet">
        Look further back
      </Button>
    </footer>
  );
}
