import { useCallback, useMemo, useRef, useState } from "react";
import { useSize } from "../../parts/use-size.ts";
import { boundsOf, detailFor, measures } from "./layout.ts";
import { MapKey } from "./map-key.tsx";
import { MapTools } from "./map-tools.tsx";
import { MapWorld } from "./map-world.tsx";
import type { Latest } from "./latest.ts";
import { drawTies, pointsOf } from "./tie-lines.tsx";
import type { Tie } from "./ties.ts";
import { useMapKeys } from "./use-map-keys.ts";
import { usePlaces } from "./use-places.ts";
import { useViewport } from "./use-viewport.ts";
import { useScores } from "./use-scores.ts";
import { useNodeView } from "./view.ts";
import type { Watch } from "./watch.ts";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";

interface NodeMapProps {
  /** All that have a place on the map. */
  readonly nodes: readonly Node[];
  /** Those that pass the filter. */
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
  const [focused, setFocused] = useState<string>();
  const detail = detailFor(nodes.length);
  const places = usePlaces(nodes, shown, detail);
  const drawn = useMemo(() => drawTies(ties, places, detail), [ties, places, detail]);
  const bounds = useMemo(
    () => boundsOf(places.values(), measures[detail], pointsOf(drawn)),
    [places, detail, drawn],
  );
  const control = useViewport(frameRef, bounds, frame);
  const reachable = [focused, view.selected, shown[0]?.id].find((id) => places.has(id ?? ""));
  const onKeyDown = useMapKeys({ frameRef, places, detail, control, reachable });
  const scores = useScores(view.colour === "trust");
  const select = useCallback((id: string) => change({ selected: id, tie: undefined }), [change]);
  return (
    <div
      aria-label={`Map of ${shown.length} nodes around the hub. Arrow keys move, Enter opens.`}
      className={`relative min-h-0 flex-1 touch-none overflow-hidden bg-[radial-gradient(closest-side,var(--glow),transparent)] ${control.dragging ? "cursor-grabbing" : "cursor-grab"}`}
      data-detail={detail}
      onKeyDown={onKeyDown}
      ref={frameRef}
      role="group"
    >
      <MapWorld
        control={control}
        detail={detail}
        drawn={drawn}
        latest={latest}
        onFocus={setFocused}
        onSelect={select}
        places={places}
        population={nodes.length}
        pulse={watch.pulse}
        reachable={reachable}
        scores={scores}
        shown={shown}
      />
      <MapKey detail={detail} ties={drawn} />
      <MapTools control={control} />
    </div>
  );
}
