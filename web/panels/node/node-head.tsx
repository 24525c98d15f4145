import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { ConnectionBadge } from "../../parts/connection.tsx";
import type { Connection } from "../../parts/follow.ts";
import { Icon } from "../../parts/icon.tsx";
import { countText } from "../../parts/measure.ts";
import { PageHead } from "../../parts/page.tsx";
import { Segments } from "../../parts/segments.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { toggled } from "../../shell/search.ts";

import { lookOf, shownStates } from "./state.ts";
import { useNodeView } from "./view.ts";

interface NodeHeadProps {
  readonly all: readonly Node[];
  readonly shown: number;
  readonly connection: Connection;
}

/** How many, how they stand, and what of them is wanted. */
export function NodeHead({ all, shown, connection }: NodeHeadProps) {
  const [view, change] = useNodeView();
  return (
    <PageHead
      aside={
        <Segments
          label="View"
          onChange={(value) => change({ view: value === "table" ? "table" : undefined })}
          options={[
            { value: "map", word: "Map", icon: "map" },
            { value: "table", word: "Table", icon: "table" },
          ]}
          value={view.table ? "table" : "map"}
        />
      }
      title="Map"
    >
      <ConnectionBadge connection={connection} />
      <StateFilter all={all} />
      <span aria-live="polite" className="figures ml-auto text-xs text-muted">
        {shown === all.length ? "" : `Showing ${countText(shown)} of ${countText(all.length)}`}
      </span>
      <SearchBox
        label="Find nodes"
        onChange={(q) => change({ q: q || undefined }, true)}
        value={view.filter.words}
      />
    </PageHead>
  );
}

/** The legend, which is also the filter. */
function StateFilter({ all }: { all: readonly Node[] }) {
  const [view, change] = useNodeView();
  const counts = Map.groupBy(all, ({ state }) => state);
  const wanted = view.filter.states;
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="sr-only">Show only states</legend>
      {shownStates.map((state) => {
        const look = lookOf(state);
        const pressed = wanted.includes(look.slug);
        const count = counts.get(state)?.length ?? 0;
        if (count === 0 && !pressed) return null;
        return (
          <button
            aria-pressed={pressed}
            className={`inline-flex h-7 items-center gap-1.5 rounded-md border px-2 text-xs font-medium ${look.text} ${pressed ? `${look.ground} ${look.border}` : "border-line hover:bg-sunken"}`}
            key={look.slug}
            onClick={() => change({ state: toggled(wanted.join(), look.slug) })}
            type="button"
          >
            <Icon name={look.icon} size={13} />
            {look.word}
            <span className="figures">{countText(count)}</span>
          </button>
        );
      })}
    </fieldset>
  );
}
