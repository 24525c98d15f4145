import { SearchBox } from "../../parts/search-box.tsx";
import { Chips } from "./chips.tsx";
import { FamilyMenu } from "./family-menu.tsx";
import type { Log } from "./log.ts";
import { SourceMenu } from "./source-menu.tsx";
import { TimeMenu } from "./time-menu.tsx";
import { useEventView } from "./view.ts";

/** What of the log is wanted; all of it stands in the address. */
export function FilterBar({ log }: { log: Log }) {
  const [view, change] = useEventView();
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line bg-surface px-5 py-1.5">
      <SearchBox
        label="Search the events"
        onChange={(words) => change({ q: words || undefined }, true)}
        value={view.words}
      />
      <FamilyMenu log={log} />
      <SourceMenu />
      <TimeMenu />
      <Chips />
    </div>
  );
}
