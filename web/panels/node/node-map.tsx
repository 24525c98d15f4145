import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from "react";
import { useConnection } from "../../parts/use-live.ts";
import { useSize } from "../../parts/use-size.ts";
import { HubCard } from "./hub-card.tsx";
import { latestOf, type Latest } from "./latest.ts";
import { boundsOf, detailFor, measures, placeNodes, type Point } from "./layout.ts";
import { Links, Orbits } from "./links.tsx";
import { MapKey } from "./map-key.tsx";
import { MapTools } from "./map-tools.tsx";
import { NodeMark } from "./node-card.tsx";
import { useNodesLive } from "./nodes.tsx";
import { Pulses } from "./pulses.tsx";
import { nextPlace } from "./roving.ts";
import { drawTies, TieLabels, TieLines, TieMarker } from "./tie-lines.tsx";
import type { Tie } from "./ties.ts";
import { TripLabels } from "./trip-labels.tsx";
import { useViewport } from "./use-viewport.ts";
import { useNodeView } from "./view.ts";
import type { Watch } from "./watch.ts";

interface NodeMapProps {
  readonly nodes: readonly Node[];
  readonly shown: readonly Node[];
  readonly ties: readonly Tie[];
  readonly latest: Latest;
  readonly watch: Watch;
}

/** The hub in the middle, its nodes around it, and what ties them to each other. */
export function NodeMap({ nodes, shown, ties, latest, watch }: NodeMapProps) {
  const [view, change] = useNodeView();
  const frameRef = useRef<HTMLDivElement>(null);
  const frame = useSize(frameRef);
  const detail = detailFor(shown.length);
  const places = usePlaces(nodes, shown, detail);
  const bounds = useMemo(() => boundsOf(places.values(), measures[detail]), [places, detail]);
  const control = useViewport(frameRef, bounds, frame);
  const [focused, setFocused] = useState<string>();
  const connection = useConnection(useNodesLive());
  const near = detail === "dot" ? (view.selected ?? focused) : undefined;
  const drawn = useMemo(() => {
    const wanted =
      detail === "dot" ? ties.filter(({ fromId, toId }) => near === fromId || near === toId) : ties;
    return drawTies(wanted, places, detail);
  }, [ties, places, detail, near]);
  const select = useCallback(
    (id: string) => change({ selected: id, tie: undefined }),
    // oxlint-disable-next-line react/exhaustive-deps
    [],
  );
  const reachable =
    focused !== undefined && places.has(focused) ? focused : (view.selected ?? shown[0]?.id);
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") return change({ selected: undefined, tie: undefined });
    const next = nextPlace(places, reachable ?? "", event.key);
    if (next === undefined) return;
    event.preventDefault();
    frameRef.current
      ?.querySelector<HTMLElement>(`[data-node="${CSS.escape(next)}"]`)
      ?.focus({ preventScroll: true });
    const place = places.get(next);
    if (place) control.bring(place, measures[detail]);
  };
  const { x, y, zoom } = control.viewport;
  return (
    <div
      aria-label={`Map of ${shown.length} nodes around the hub. Arrow keys move, Enter opens.`}
      className={`relative min-h-0 flex-1 touch-none overflow-hidden bg-[radial-gradient(closest-side,var(--glow),transparent)] ${control.dragging ? "cursor-grabbing" : "cursor-grab"}`}
      data-detail={detail}
      onKeyDown={onKey}
      ref={frameRef}
      role="group"
    >
      <div
        className={`absolute top-1/2 left-1/2 size-0 ${control.dragging ? "" : "transition-transform duration-200 ease-calm"}`}
        style={{ transform: `translate(${x}px, ${y}px) scale(${zoom})` }}
      >
        <svg aria-hidden="true" className="absolute size-px overflow-visible">
          <TieMarker />
          <Orbits count={nodes.length} detail={detail} />
          <Links detail={detail} nodes={shown} places={places} />
          <Pulses {...watch.pulse} detail={detail} places={places} />
          <TieLines chosen={view.tie} drawn={drawn} />
        </svg>
        <HubCard connection={connection} detail={detail} />
        {detail === "card" && <TripLabels nodes={shown} places={places} />}
        {shown.map((node) => (
          <NodeMark
            detail={detail}
            graph={latestOf(latest, node.spiffeId, "graph.summary.nodes")}
            key={node.id}
            node={node}
            onFocus={setFocused}
            onSelect={select}
            place={places.get(node.id) ?? origin}
            reachable={node.id === reachable}
            selected={node.id === view.selected}
          />
        ))}
        {detail !== "dot" && (
          <TieLabels
            chosen={view.tie}
            drawn={drawn}
            onChoose={(tie) => change({ tie, selected: undefined })}
          />
        )}
      </div>
      <MapKey detail={detail} ties={drawn} />
      <MapTools control={control} />
    </div>
  );
}

const origin: Point = { x: 0, y: 0 };

/** Places depend on all nodes that are known; hiding some moves nobody. */
function usePlaces(
  nodes: readonly Node[],
  shown: readonly Node[],
  detail: ReturnType<typeof detailFor>,
) {
  const all = nodes.map(({ id }) => id).join();
  const wanted = shown.map(({ id }) => id).join();
  return useMemo(() => {
    const places = placeNodes(all.split(","), detail);
    const ids = wanted.split(",");
    return new Map(ids.flatMap((id) => (places.has(id) ? [[id, places.get(id) ?? origin]] : [])));
  }, [all, wanted, detail]);
}
