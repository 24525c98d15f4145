import type { ReactNode } from "react";
import { ConnectionBadge } from "../../parts/connection.tsx";
import { countText } from "../../parts/measure.ts";
import { PageHead } from "../../parts/page.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { Segments } from "../../parts/segments.tsx";
import { useConnection, useLive } from "../../parts/use-live.ts";
import { ConflictsTab } from "./conflicts-tab.tsx";
import { RulesTab } from "./rules-tab.tsx";
import type { Streams } from "./streams.ts";
import { useStreamsLive } from "./streams-live.ts";
import { StreamsTab } from "./streams-tab.tsx";
import { useSyncView } from "./view.ts";

/** How each stream stands, where writes contradict each other, and what is permitted. */
export function SyncPage() {
  const live = useStreamsLive();
  const streams = useLive(live);
  const connection = useConnection(live);
  const [{ tab }] = useSyncView();
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <SyncHead connection={<ConnectionBadge connection={connection} />} streams={streams} />
      {tab === "streams" && (
        <StreamsTab connection={connection} onRetry={live.hurry} streams={streams} />
      )}
      {tab === "conflicts" && <ConflictsTab streams={streams} />}
      {tab === "rules" && <RulesTab />}
    </div>
  );
}

function SyncHead({ connection, streams }: { connection: ReactNode; streams: Streams }) {
  const [{ tab, words }, change] = useSyncView();
  const conflicts = conflictsIn(streams);
  return (
    <PageHead
      aside={
        tab === "streams" && (
          <SearchBox
            label="Find streams"
            onChange={(q) => change({ q: q || undefined }, true)}
            value={words}
          />
        )
      }
      title="Sync"
    >
      {connection}
      <Segments
        label="Part of the page"
        onChange={(view) => change({ view: view === "streams" ? undefined : view })}
        options={[
          { value: "streams", word: "Streams" },
          {
            value: "conflicts",
            word: conflicts === 0 ? "Conflicts" : `Conflicts ${countText(conflicts)}`,
          },
          { value: "rules", word: "Rules" },
        ]}
        value={tab}
      />
    </PageHead>
  );
}

/** How many fields hold concurrent values. */
function conflictsIn({ rows }: Streams): number {
  return [...rows.values()].reduce((sum, { status }) => sum + status.conflicts, 0);
}
