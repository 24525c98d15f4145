import { useMemo } from "react";
import { Button } from "../../parts/button.tsx";
import type { Connection } from "../../parts/follow.ts";
import { Loading } from "../../parts/loading.tsx";
import { countText } from "../../parts/measure.ts";
import { Empty, TroubleCard } from "../../parts/note.tsx";
import { findStreams, sortStreams } from "./sort.ts";
import { StreamFigures } from "./stream-figures.tsx";
import { StreamPanel } from "./stream-panel.tsx";
import { StreamTable } from "./stream-table.tsx";
import type { StreamRow, Streams } from "./streams.ts";
import { useSyncView } from "./view.ts";

interface StreamsTabProps {
  readonly streams: Streams;
  readonly connection: Connection;
  readonly onRetry: () => void;
}

/** Every stream in a row, and the chosen one beside them. */
export function StreamsTab({ streams, connection, onRetry }: StreamsTabProps) {
  const [{ selected }, change] = useSyncView();
  const chosen = streams.rows.get(selected ?? "");
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <Streamed {...{ streams, connection, onRetry }} />
      </div>
      {chosen && (
        <StreamPanel
          isLive={connection.state === "live"}
          key={chosen.key}
          onClose={() => change({ selected: undefined })}
          row={chosen}
        />
      )}
    </div>
  );
}

function Streamed({ streams, connection, onRetry }: StreamsTabProps) {
  const [{ words, sort }] = useSyncView();
  const all = useMemo(() => [...streams.rows.values()], [streams.rows]);
  const found = useMemo(() => findStreams(all, words), [all, words]);
  const { key, descending } = sort;
  const sorted = useMemo(() => sortStreams(found, { key, descending }), [found, key, descending]);
  if (connection.state === "refused" && all.length === 0) {
    return (
      <div className="p-6">
        <TroubleCard retry={onRetry} trouble={connection.trouble} />
      </div>
    );
  }
  if (!streams.complete) return <Loading label="Asking for the streams" lines={8} table />;
  if (all.length === 0) return <NoStreams />;
  return (
    <>
      <StreamFigures isLive={connection.state === "live"} rows={all} />
      <Found all={all} found={sorted} isLive={connection.state === "live"} />
    </>
  );
}

interface FoundProps {
  readonly all: readonly StreamRow[];
  readonly found: readonly StreamRow[];
  readonly isLive: boolean;
}

function Found({ all, found, isLive }: FoundProps) {
  const [{ words }, change] = useSyncView();
  if (found.length > 0) return <StreamTable all={all.length} isLive={isLive} rows={found} />;
  return (
    <Empty icon="search" title="No stream is called that">
      <p>
        None of the {countText(all.length)} streams, and nobody who follows one, has “
        {words.slice(0, 80)}” in its name.
      </p>
      <div className="mt-4">
        <Button onClick={() => change({ q: undefined }, true)}>Show all streams</Button>
      </div>
    </Empty>
  );
}

function NoStreams() {
  return (
    <Empty command="npx foedus sync declare notes" icon="sync" title="Nothing is synced yet">
      A node or a page that opens a collection of the SDK and writes to it makes the first stream,
      which appears here by itself. A collection need not be declared; declaring one says in which
      zone and lane it is kept.
    </Empty>
  );
}
