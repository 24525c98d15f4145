import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { lazy, Suspense, useId, useState } from "react";
import { ConnectionBadge } from "../../parts/connection.tsx";
import type { Connection } from "../../parts/follow.ts";
import { fetchAgain } from "../../parts/fetch-again.ts";
import { Icon } from "../../parts/icon.tsx";
import { countText } from "../../parts/measure.ts";
import { PageHead } from "../../parts/page.tsx";
import { Segments } from "../../parts/segments.tsx";
import type { Filtered } from "./filter.ts";
import { groupKeys } from "./group.ts";
import { Legend } from "./legend.tsx";
import { LegendGroups } from "./legend-groups.tsx";
import { QueryBox } from "./query-box.tsx";
import { useCalm, useSettled } from "./query-calm.ts";
import { useNodeView } from "./view.ts";

const Help = lazy(async () => {
  const { QueryHelp } = await fetchAgain(() => import("./query-help.tsx"));
  return { default: QueryHelp };
});

/** So often a count is told anew, however fast it changes. */
const countMs = 1_000;
/** So long nobody judges what somebody types. */
const troubleMs = 600;

interface NodeHeadProps {
  readonly all: readonly Node[];
  readonly filtered: Filtered;
  readonly connection: Connection;
}

/** How many, how they stand, and what of them is asked for. */
export function NodeHead({ all, filtered, connection }: NodeHeadProps) {
  const [view, change] = useNodeView();
  const [help, setHelp] = useState(false);
  const troubleId = useId();
  const settled = useSettled(filtered.troubles.join(" "), troubleMs);
  const trouble = filtered.troubles.length === 0 ? "" : settled;
  const openHelp = () => setHelp(true);
  return (
    <>
      <PageHead aside={<ViewSwitch />} title="Map">
        <ConnectionBadge connection={connection} />
        <Count all={all.length} filtered={filtered} />
        <Trouble id={troubleId} onHelp={openHelp} text={trouble} />
      </PageHead>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-surface px-5 py-2">
        <QueryBox
          label="Find nodes"
          nodes={all}
          onChange={(q) => change({ q: q || undefined }, true)}
          onHelp={openHelp}
          troubleId={trouble === "" ? undefined : troubleId}
          value={view.filter.words}
        />
        <ModeSwitch />
        <GroupBy />
        <div className="xl:ml-auto">
          <Legend all={all} counts={filtered.counts} />
        </div>
        {view.group && view.group !== "state" && (
          <div className="basis-full">
            <LegendGroups all={all} group={view.group} key={view.group} />
          </div>
        )}
      </div>
      {help && (
        <Suspense>
          <Help onClose={() => setHelp(false)} troubles={filtered.troubles} />
        </Suspense>
      )}
    </>
  );
}

/** How many of how many; as wide as it can get, so that nothing moves when it changes. */
function Count({ all, filtered: { shown, found } }: { all: number; filtered: Filtered }) {
  const total = `${countText(all)} ${all === 1 ? "node" : "nodes"}`;
  const some = found ? `Found ${countText(found.size)}` : `Showing ${countText(shown.length)}`;
  const isAll = found === undefined && shown.length === all;
  const text = useCalm(all === 0 ? "" : isAll ? total : `${some} of ${total}`, countMs);
  return (
    <span
      aria-live="polite"
      className="figures text-xs whitespace-nowrap text-muted"
      style={{ minWidth: `${`Showing ${countText(all)} of ${total}`.length - 2}ch` }}
    >
      {text}
    </span>
  );
}

/** What was not understood, in one line; all of it stands where one learns to ask. */
function Trouble({ id, text, onHelp }: { id: string; text: string; onHelp: () => void }) {
  return (
    <span aria-live="polite" className="min-w-0 flex-1 basis-40 text-xs">
      {text && (
        <button
          className="flex max-w-full items-center gap-1.5 text-left text-degraded hover:underline"
          onClick={onHelp}
          title={text}
          type="button"
        >
          <Icon name="warning" size={13} />
          <bdi className="truncate" id={id}>
            {text}
          </bdi>
        </button>
      )}
    </span>
  );
}

function ViewSwitch() {
  const [view, change] = useNodeView();
  return (
    <Segments
      label="View"
      onChange={(value) => change({ view: value === "table" ? "table" : undefined })}
      options={[
        { value: "map", word: "Map", icon: "map" },
        { value: "table", word: "Table", icon: "table" },
      ]}
      value={view.table ? "table" : "map"}
    />
  );
}

function ModeSwitch() {
  const [view, change] = useNodeView();
  return (
    <Segments
      label="Nodes that do not match are kept (find) or left out (hide)"
      onChange={(mode) => change({ mode: mode === "find" ? "find" : undefined }, true)}
      options={[
        { value: "hide", word: "Hide" },
        { value: "find", word: "Find" },
      ]}
      value={view.filter.mode}
    />
  );
}

function GroupBy() {
  const [view, change] = useNodeView();
  return (
    <label className="block text-xs text-muted">
      <span className="sr-only">Group by</span>
      <span className="relative block">
        <select
          className="h-8 appearance-none rounded-lg border border-line bg-surface pr-7 pl-2.5 text-xs font-medium text-ink"
          onChange={(event) => change({ group: event.target.value || undefined })}
          value={view.group ?? ""}
        >
          <option value="">Not grouped</option>
          {groupKeys.map((key) => (
            <option key={key} value={key}>
              By {key}
            </option>
          ))}
        </select>
        <span className="pointer-events-none absolute inset-y-0 right-2 grid place-items-center">
          <Icon name="sort" size={12} />
        </span>
      </span>
    </label>
  );
}
