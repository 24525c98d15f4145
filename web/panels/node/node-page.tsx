import { useMemo } from "react";
import { TroubleCard } from "../../parts/note.tsx";
import { Loading } from "../../parts/loading.tsx";
import { useConnection, useLive } from "../../parts/use-live.ts";
import { filterNodes, sortNodes } from "./filter.ts";
import { GapNote } from "./gap-note.tsx";
import { useLatestLive } from "./latest-live.tsx";
import { NoNodes, NothingFound } from "./no-nodes.tsx";
import { NodeHead } from "./node-head.tsx";
import { NodeMap } from "./node-map.tsx";
import { NodePanel } from "./node-panel.tsx";
import { NodeTable } from "./node-table.tsx";
import { useNodesLive, useWatch } from "./nodes.tsx";
import { TiePanel } from "./tie-panel.tsx";
import { resolveTies } from "./ties.ts";
import { useNodeView } from "./view.ts";

/** The map of the federation, its table twin, and what is known of one node. */
export function NodePage() {
  const watch = useWatch();
  const latest = useLive(useLatestLive());
  const connection = useConnection(useNodesLive());
  const [view] = useNodeView();
  const all = useMemo(() => [...watch.nodes.values()], [watch.nodes]);
  const { key, descending } = view.sort;
  const words = view.filter.words;
  const states = view.filter.states.join();
  const shown = useMemo(
    () =>
      sortNodes(
        filterNodes(all, { states: states.split(",").filter(Boolean), words }),
        key,
        descending,
      ),
    [all, states, words, key, descending],
  );
  // Ties depend on who is there and what they told, not on every heartbeat.
  const members = all.map((node) => node.id).join();
  // oxlint-disable-next-line react/exhaustive-deps
  const ties = useMemo(() => resolveTies(all, latest), [members, latest.tiesTurn]);
  const selected = view.selected === undefined ? undefined : watch.nodes.get(view.selected);
  const tie = ties.ties.find((each) => each.id === view.tie);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <NodeHead all={all} connection={connection} shown={shown.length} />
      <GapNote gaps={watch.gaps} />
      <div className="flex min-h-0 flex-1">
        <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
          {!watch.complete ? (
            <Waiting />
          ) : all.length === 0 ? (
            <NoNodes />
          ) : shown.length === 0 ? (
            <NothingFound />
          ) : view.table ? (
            <NodeTable latest={latest} nodes={shown} />
          ) : (
            <NodeMap latest={latest} nodes={all} shown={shown} ties={ties.ties} watch={watch} />
          )}
        </div>
        {selected && <NodePanel latest={latest} node={selected} ties={ties} />}
        {!selected && tie && <TiePanel nodes={watch.nodes} tie={tie} />}
      </div>
    </div>
  );
}

function Waiting() {
  const live = useNodesLive();
  const connection = useConnection(live);
  if (connection.state === "refused") {
    return (
      <div className="p-6">
        <TroubleCard retry={live.hurry} trouble={connection.trouble} />
      </div>
    );
  }
  return <Loading label="Asking the hub for its nodes" lines={7} />;
}
