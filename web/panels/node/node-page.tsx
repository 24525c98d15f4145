import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { useMemo } from "react";
import { Loading } from "../../parts/loading.tsx";
import { TroubleCard } from "../../parts/note.tsx";
import { useConnection, useLive } from "../../parts/use-live.ts";
import { type Filtered, sortNodes } from "./filter.ts";
import { useFiltered } from "./filtered.ts";
import { GapNote } from "./gap-note.tsx";
import type { Latest } from "./latest.ts";
import { useLatestLive } from "./latest-live.tsx";
import { NoNodes, NothingFound } from "./no-nodes.tsx";
import { NodeHead } from "./node-head.tsx";
import { NodeMap } from "./map/node-map.tsx";
import { NodePanel } from "./node-panel.tsx";
import { NodeTable } from "./node-table.tsx";
import { useNodesLive, useWatch } from "./nodes.tsx";
import { useLagWatch } from "../sync/lag-store.ts";
import { whenSeen } from "./map/marks.ts";
import { TiePanel } from "./tie-panel.tsx";
import { resolveTies, type Ties } from "./ties.ts";
import { useNodeView } from "./view.ts";

/** The map of the federation, its table twin, and what is known of one node. */
export function NodePage() {
  useLagWatch(whenSeen);
  const watch = useWatch();
  const latest = useLive(useLatestLive());
  const connection = useConnection(useNodesLive());
  const [view] = useNodeView();
  const all = useMemo(() => [...watch.nodes.values()], [watch.nodes]);
  const ties = useMemo(() => resolveTies(watch.members, latest.tied), [watch.members, latest.tied]);
  const filtered = useFiltered(all, view.filter);
  const selected = watch.nodes.get(view.selected ?? "");
  const tie = ties.ties.find((each) => each.id === view.tie);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <NodeHead all={all} connection={connection} filtered={filtered} />
      <GapNote gaps={watch.gaps} />
      <div className="flex min-h-0 flex-1">
        <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
          {watch.complete ? (
            <Nodes all={all} filtered={filtered} latest={latest} ties={ties} />
          ) : (
            <Waiting />
          )}
        </div>
        {selected && <NodePanel latest={latest} node={selected} ties={ties} />}
        {!selected && tie && <TiePanel nodes={watch.nodes} tie={tie} />}
      </div>
    </div>
  );
}

interface NodesProps {
  readonly all: readonly Node[];
  readonly filtered: Filtered;
  readonly latest: Latest;
  readonly ties: Ties;
}

function Nodes({ all, filtered, latest, ties }: NodesProps) {
  const watch = useWatch();
  const [view] = useNodeView();
  const { shown, found } = filtered;
  if (all.length === 0) return <NoNodes />;
  if (shown.length === 0) return <NothingFound filtered={filtered} />;
  if (view.table) return <Rows filtered={filtered} latest={latest} />;
  return (
    <NodeMap
      found={found}
      // Another grouping is another map: where the old one stood means nothing on it.
      key={view.group}
      latest={latest}
      shown={shown}
      ties={ties.ties}
      watch={watch}
    />
  );
}

function Rows({ filtered, latest }: { filtered: Filtered; latest: Latest }) {
  const [view] = useNodeView();
  const { key, descending } = view.sort;
  const sorted = useMemo(
    () => sortNodes(filtered.shown, key, descending),
    [filtered, key, descending],
  );
  return <NodeTable found={filtered.found} latest={latest} nodes={sorted} />;
}

function Waiting() {
  const live = useNodesLive();
  const connection = useConnection(live);
  if (connection.state !== "refused") {
    return <Loading label="Asking the hub for its nodes" lines={7} />;
  }
  return (
    <div className="p-6">
      <TroubleCard retry={live.hurry} trouble={connection.trouble} />
    </div>
  );
}
