import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { ConnectionBadge } from "../../parts/connection.tsx";
import { Button } from "../../parts/button.tsx";
import { Loading } from "../../parts/loading.tsx";
import { countText } from "../../parts/measure.ts";
import { TroubleCard } from "../../parts/note.tsx";
import { PageHead } from "../../parts/page.tsx";
import { useConnection, useLive } from "../../parts/use-live.ts";
import { listIn } from "../../shell/search.ts";
import { useWatch } from "../node/nodes.tsx";
import { EventFilter } from "./event-filter.tsx";
import { EventPanel } from "./event-panel.tsx";
import { EventRows } from "./event-rows.tsx";
import { type Log, rowsMax } from "./log.ts";
import { useLogLive } from "./log-live.ts";
import { NoEvents } from "./no-events.tsx";

const depthFirst = 2_000;
const depthMax = 1_000_000_000;

/** The event log: what was told, newest first, and what is told now. */
export function EventPage() {
  const search = useSearch({ from: "/layout/event" });
  const navigate = useNavigate({ from: "/event" });
  const { nodes } = useWatch();
  const depth = depthIn(search.depth);
  const source = nodes.get(search.source ?? "")?.spiffeId ?? search.source;
  const types = listIn(search.type);
  const live = useLogLive({ depth, types, sources: source === undefined ? [] : [source] });
  const log = useLive(live);
  const connection = useConnection(live);
  const [held, setHeld] = useState<Log>();
  const shown = held ?? log;
  const selected = /^\d{1,19}$/u.test(search.selected ?? "")
    ? BigInt(search.selected ?? 0)
    : undefined;
  const deeper = () =>
    void navigate({
      search: (before) => ({ ...before, depth: String(Math.min(depth * 10, depthMax)) }),
    });
  const filtered = types.length > 0 || source !== undefined;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHead
        aside={
          <PauseButton held={held} log={log} onHold={(hold) => setHeld(hold ? log : undefined)} />
        }
        title="Events"
      >
        <ConnectionBadge connection={connection} />
        <EventFilter />
        <span aria-live="polite" className="figures ml-auto text-xs text-muted">
          {countText(shown.rows.length)} rows
          {log.dropped > 0 && `, the newest ${countText(rowsMax)}`}
        </span>
      </PageHead>
      <div className="flex min-h-0 flex-1">
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          {connection.state === "refused" ? (
            <div className="p-6">
              <TroubleCard retry={live.hurry} trouble={connection.trouble} />
            </div>
          ) : shown.rows.length > 0 ? (
            <EventRows
              log={shown}
              onSelect={(cursor) =>
                void navigate({ search: (before) => ({ ...before, selected: String(cursor) }) })
              }
              selected={selected}
            />
          ) : log.caughtUp || connection.state === "live" ? (
            <NoEvents filtered={filtered} />
          ) : (
            <Loading label="Asking for the log" lines={9} />
          )}
          {log.caughtUp && <Depth depth={depth} onDeeper={deeper} />}
        </div>
        {selected !== undefined && <EventPanel cursor={selected} key={String(selected)} />}
      </div>
    </div>
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

function Depth({ depth, onDeeper }: { depth: number; onDeeper: () => void }) {
  return (
    <footer className="flex items-center gap-3 border-t border-line bg-surface px-5 py-1.5 text-xs text-muted">
      <span className="flex-1">
        Looked through the newest {countText(depth)} places of the log.
      </span>
      <Button onClick={onDeeper} tone="quiet">
        Look further back
      </Button>
    </footer>
  );
}

function depthIn(text: string | undefined): number {
  const depth = Number(text ?? depthFirst);
  return Number.isInteger(depth) && depth > 0 && depth <= depthMax ? depth : depthFirst;
}
