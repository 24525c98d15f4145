import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { lazy, Suspense, useCallback, useRef, useState } from "react";
import { fetchAgain } from "../../../parts/fetch-again.ts";
import { useSize } from "../../../parts/use-size.ts";
import type { Latest } from "../latest.ts";
import type { Tie } from "../ties.ts";
import { partText, useNodeView } from "../view.ts";
import type { Watch } from "../watch.ts";
import type { Size } from "./geometry.ts";
// Before the marks: a style that failed to come would not be asked for again.
import "@xyflow/react/dist/base.css";
import "./map-layer.css";
import { MapCanvas } from "./map-canvas.tsx";
import { MapFoot } from "./map-foot.tsx";
import { MapTools } from "./map-tools.tsx";
import { marksMax } from "./level.ts";
import { markLook } from "./mark-look.ts";
import { whenSeen } from "./marks.ts";
import type { Scene } from "./scene.ts";
import { useArrangement, useFitBox, useScene } from "./use-scene.ts";
import { useScores } from "./use-scores.ts";
import { useViewport } from "./use-viewport.ts";
import { margin } from "./viewport.ts";

/** Loaded after the first frame is on the screen: a picture needs no library. */
const Marks = lazy(async () => {
  await whenSeen();
  const { MapMarks } = await fetchAgain(() => import("./map-marks.tsx"));
  return { default: MapMarks };
});

/** Around the hub, clusters may stand half their size and half a cell beyond their nodes. */
const clusterMargin = { width: 165, height: 78 };

interface NodeMapProps {
  /** Those that pass the filter. */
  readonly shown: readonly Node[];
  /** Those that a search found, where the others stay. */
  readonly found: ReadonlySet<string> | undefined;
  readonly ties: readonly Tie[];
  readonly latest: Latest;
  readonly watch: Watch;
}

/** The federation as a picture first, and as buttons over it right after. */
export function NodeMap({ shown, found, ties, latest, watch }: NodeMapProps) {
  const [view] = useNodeView();
  const frameRef = useRef<HTMLDivElement>(null);
  const frame = useSize(frameRef);
  const [focused, setFocused] = useState<string>();
  const near = focused ?? view.selected;
  const { scene, control } = useMapScene({ shown, ties, frame, near });
  const scores = useScores(view.colour === "trust");
  const lookOf = useCallback((node: Node) => markLook(node, scores), [scores]);
  const isMeasured = frame.width > 0;
  return (
    <>
      <div
        aria-label={titleOf(scene)}
        className="relative min-h-0 flex-1 touch-none overflow-hidden bg-[radial-gradient(closest-side,var(--glow),transparent)]"
        data-level={scene.level}
        ref={frameRef}
        role="group"
      >
        {isMeasured && (
          <MapCanvas {...{ scene, frame, lookOf, found, near }} viewport={control.viewport} />
        )}
        {isMeasured && (
          <Suspense>
            <Marks
              {...{ scene, control, frame, frameRef, lookOf, found, latest, focused, near }}
              onFocus={setFocused}
              watch={watch}
            />
          </Suspense>
        )}
        <MapTools control={control} />
      </div>
      <MapFoot scene={scene} />
    </>
  );
}

interface MapWish {
  readonly shown: readonly Node[];
  readonly ties: readonly Tie[];
  readonly frame: Size;
  readonly near: string | undefined;
}

/** What the map shows, and the ways to move it; both stand in the address. */
function useMapScene({ shown: nodes, ties, frame, near }: MapWish) {
  const [view, change] = useNodeView();
  const arrangement = useArrangement(nodes, view.group);
  const control = useViewport({
    box: useFitBox(arrangement, ties),
    frame,
    around: nodes.length > marksMax && view.group === undefined ? clusterMargin : margin,
    at: view.at,
    onRest: (at) => {
      // Who left meanwhile is not called back.
      if (location.pathname === "/node") change({ at: at && partText(at) }, true);
    },
  });
  const { viewport } = control;
  const scene = useScene({ arrangement, nodes, ties, viewport, frame, tie: view.tie, near });
  return { scene, control };
}

function titleOf({ nodes, clusters, hub, arrangement }: Scene): string {
  const where = hub ? "around the hub" : `in ${arrangement.islands.length} groups`;
  const gathered = clusters.length > 0 ? `, gathered in ${clusters.length} clusters` : "";
  return `Map of ${nodes.length} nodes ${where}${gathered}. Arrow keys move, Enter opens.`;
}
