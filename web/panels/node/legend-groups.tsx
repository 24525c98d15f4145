import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { useMemo, useState } from "react";
import { hubNow } from "../../parts/hub-clock.ts";
import { countText } from "../../parts/measure.ts";
import { filterNodes } from "./filter.ts";
import { type GroupKey, groupNodes } from "./group.ts";
import { LegendChip } from "./legend-chip.tsx";
import { standOf, withNot, withOnly } from "./legend-choice.ts";
import { valueWord, type Wanted, wantedOf, withWanted } from "./query.ts";
import type { WordKey } from "./query-keys.ts";
import { useNodeView } from "./view.ts";

/** So many fit beside each other without being in the way. */
const groupsMax = 12;

/** More than these nobody reads as a legend; the search finds them. */
const openedMax = 200;

/** Each has a place for two figures. */
const groupMin = 10;

const wordKeys: Readonly<Record<GroupKey, WordKey>> = {
  project: "project",
  role: "role",
  state: "state",
  environment: "env",
  team: "team",
  domain: "domain",
};

/** The groups with how many are in each; a click asks for one, in the words of the search. */
export function LegendGroups({ all, group }: { all: readonly Node[]; group: GroupKey }) {
  const [view, change] = useNodeView();
  const [open, setOpen] = useState(false);
  const { filter } = view;
  const key = wordKeys[group];
  const wanted = wantedOf(filter.words, key);
  const groups = useMemo(() => {
    // As if no group were chosen: or the others would be gone once one is.
    const words = withWanted(filter.words, key, { only: [], not: [] });
    const { shown } = filterNodes(all, { ...filter, words, mode: "hide" }, hubNow());
    return groupNodes(shown, group);
  }, [all, filter, group, key]);
  const ask = (next: Wanted) => change({ q: withWanted(filter.words, key, next) || undefined });
  const rest = groups.length - groupsMax;
  return (
    <ul aria-label={`Groups by ${group}`} className="scrolls flex max-h-24 flex-wrap gap-1">
      {groups.slice(0, open ? openedMax : groupsMax).map(({ key: own, title, nodes }) => (
        <LegendChip
          count={nodes.length}
          key={own}
          most={Math.max(nodes.length, groupMin)}
          onNot={() => ask(withNot(wanted, valueWord(own)))}
          onOnly={() => ask(withOnly(wanted, valueWord(own)))}
          stand={standOf(wanted, valueWord(own))}
          word={title}
        />
      ))}
      {rest > 0 && (
        <li>
          <button
            aria-expanded={open}
            className="h-7 rounded-md px-2 text-xs font-medium text-accent hover:bg-sunken"
            onClick={() => setOpen(!open)}
            type="button"
          >
            {open ? "fewer" : `and ${countText(rest)} more`}
          </button>
        </li>
      )}
    </ul>
  );
}
