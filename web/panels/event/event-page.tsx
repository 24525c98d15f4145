import { useCallback, useMemo, useState } from "react";
import type { Connection } from "../../parts/follow.ts";
import { Icon } from "../../parts/icon.tsx";
import type { Live } from "../../parts/live.ts";
import { Loading } from "../../parts/loading.tsx";
import { countText } from "../../parts/measure.ts";
import { TroubleCard } from "../../parts/note.tsx";
import { useConnection } from "../../parts/use-live.ts";
import { EventFoot } from "./event-foot.tsx";
import { EventHead } from "./event-head.tsx";
import { EventPanel } from "./event-panel.tsx";
import { EventRows } from "./event-rows.tsx";
import { FilterBar } from "./filter-bar.tsx";
import type { Log } from "./log.ts";
import { useLogLive } from "./log-live.ts";
import type { Names } from "./narrow.ts";
import { NoEvents } from "./no-events.tsx";
import { RateStrip } from "./rate-strip.tsx";
import { type Shown, useShown } from "./shown.ts";
import { namesOf, useSources, useSpiffeIds } from "./sources.ts";
import { stepFrom } from "./step.ts";
import { useStill } from "./still.ts";
import { useLogKeys } from "./use-log-keys.ts";
import { type EventView, useEventView } from "./view.ts";

/** The event log: what was told, newest first, and what is told now. */
export function EventPage() {
  const [view, change] = useEventView();
  const live = useWantedLog(view);
  const connection = useConnection(live);
  const { held, pause, read, go } = useStill(live);
  const sources = useSources();
  const names = useMemo(() => namesOf(sources), [sources]);
  const shown = useShown(live, held, view, names);
  const [top, setTop] = useState(0);
  const jump = () => {
    go();
    setTop((times) => times + 1);
  };
  const paused = held?.paused === true;
  const toggle = () => (paused ? jump() : pause());
  const step = (by: 1 | -1) => {
    const next = stepFrom(shown.rows, view.selected, by);
    if (next !== undefined) change({ selected: String(next) }, true);
  };
  useLogKeys({ onPause: toggle, onStep: step, onClose: () => change({ selected: undefined }) });
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <EventHead
        connection={connection}
        log={shown.log}
        names={names}
        newer={shown.newer}
        onPause={toggle}
        paused={paused}
        rows={shown.rows}
      />
      <FilterBar log={shown.log} />
      <div className="flex min-h-0 flex-1">
        <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
          <RateStrip onChange={change} rows={shown.rows} />
          {shown.newer > 0 && !paused && <Newer count={shown.newer} onGo={jump} />}
          <Rows {...{ connection, live, names, read, shown, top }} />
          <EventFoot log={shown.log} />
        </div>
        {view.selected !== undefined && (
          <EventPanel cursor={view.selected} names={names} onStep={step} />
        )}
      </div>
    </div>
  );
}

/** The part of the log that the hub is asked for. */
function useWantedLog({ depth, types, except, sources, subject }: EventView): Live<Log> {
  return useLogLive({
    depth,
    types,
    exceptTypes: except,
    sources: useSpiffeIds(sources),
    subjects: subject === undefined ? [] : [subject],
  });
}

function Rows(props: {
  shown: Shown;
  live: Live<Log>;
  names: Names;
  connection: Connection;
  read: (reading: boolean) => void;
  top: number;
}) {
  const { shown, live, names, connection, read, top } = props;
  const [view, change] = useEventView();
  const select = useCallback((cursor: bigint) => change({ selected: String(cursor) }), [change]);
  if (connection.state === "refused") {
    return (
      <div className="flex-1 p-6">
        <TroubleCard retry={live.hurry} trouble={connection.trouble} />
      </div>
    );
  }
  if (shown.rows.length === 0) {
    if (!shown.log.caughtUp) return <Loading label="Asking for the log" lines={9} />;
    return <NoEvents />;
  }
  return (
    <EventRows
      names={names}
      onReading={read}
      onSelect={select}
      rows={shown.rows}
      selected={view.selected}
      top={top}
    />
  );
}

/** Leads back to the newest event; it lies over the rows, so that none of them moves. */
function Newer({ count, onGo }: { count: number; onGo: () => void }) {
  return (
    <button
      className="figures absolute top-28 left-1/2 z-20 inline-flex h-8 -translate-x-1/2 items-center gap-1.5 rounded-full border border-line-strong bg-raised px-3.5 text-xs font-medium shadow-lift hover:border-accent hover:text-accent"
      onClick={onGo}
      type="button"
    >
      <Icon name="up" size={12} />
      {countText(count)} newer
    </button>
  );
}
