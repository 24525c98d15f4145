import { timestampMs } from "@bufbuild/protobuf/wkt";
import { type Node, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { useMemo } from "react";
import { Icon } from "../../../parts/icon.tsx";
import { roundTripText } from "../../../parts/measure.ts";
import { useNow } from "../../../parts/now.ts";
import { spanText } from "../../../parts/span.ts";
import { useLags } from "../../sync/lag-store.ts";
import { syncShort } from "../../sync/lags.ts";
import type { Point } from "./geometry.ts";
import { tripSpots } from "./trip-spots.ts";

interface TripLabelsProps {
  readonly nodes: readonly Node[];
  readonly places: ReadonlyMap<string, Point>;
  /** How far apart the heartbeats of a node are, in milliseconds. */
  readonly beats: ReadonlyMap<string, number>;
}

/** The measured round trip, on the link it was measured on; and for how long it has been silent. */
export function TripLabels({ nodes, places, beats }: TripLabelsProps) {
  const nowMs = useNow();
  const { byNode, late } = useLags();
  const spots = useMemo(() => tripSpots(nodes, places), [nodes, places]);
  return nodes.map((node) => {
    const spot = spots.get(node.id);
    if (spot === undefined) return null;
    const lagMs = lagOf(node, beats.get(node.id), nowMs);
    const lag = byNode.get(node.id);
    const sync = lag && syncShort(lag, nowMs);
    const isCalm = lagMs === undefined && !late.has(node.id);
    return (
      <span
        className={`figures pointer-events-none absolute -translate-1/2 rounded-xl text-center border bg-ground px-2 py-0.5 text-2xs whitespace-nowrap ${isCalm ? "border-line text-muted" : "border-degraded text-degraded"}`}
        key={node.id}
        style={{ left: spot.x, top: spot.y }}
      >
        <span className="sr-only">round trip of {node.name.slice(0, 80)}: </span>
        {roundTripText(node.roundTripUs)}
        {lagMs !== undefined && `, silent for ${spanText(lagMs)}`}
        {sync !== undefined && <SyncShort text={sync} />}
      </span>
    );
  });
}

/** On a line of its own: the label keeps the width that it was placed by. */
function SyncShort({ text }: { text: string }) {
  return (
    <span className="flex items-center justify-center gap-1">
      <Icon name="sync" size={10} />
      <span className="sr-only">, sync is behind by </span>
      {text}
    </span>
  );
}

/** So many heartbeats may be late before it is worth a word. */
const beatsMissedMax = 2.5;

/** How long a node that should be heard was not; undefined while that is usual. */
export function lagOf(node: Node, beatMs: number | undefined, nowMs: number): number | undefined {
  const { state, lastSeenTime } = node;
  const isHeard = state === NodeState.ONLINE || state === NodeState.DEGRADED;
  if (!isHeard || lastSeenTime === undefined || beatMs === undefined) return undefined;
  const lagMs = nowMs - timestampMs(lastSeenTime);
  return lagMs > beatMs * beatsMissedMax ? lagMs : undefined;
}
