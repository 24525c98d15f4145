import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { memo, type RefObject, useCallback, useMemo } from "react";
import { useConnection } from "../../../parts/use-live.ts";
import type { Latest } from "../latest.ts";
import { useNodesLive } from "../nodes.tsx";
import { useNodeView } from "../view.ts";
import type { Watch } from "../watch.ts";
import { type Box, boxAround, type Point, type Size } from "./geometry.ts";
import { chipWidthAt, markSizes, nameWidthAt, sizeAt, sizeIn } from "./level.ts";
import { MapLayer } from "./map-layer.tsx";
import type { LookOf } from "./mark-look.ts";
import { markOnce } from "./marks.ts";
import { Pulses } from "./pulses.tsx";
import type { Scene } from "./scene.ts";
import { isNear, TieLabels } from "./tie-lines.tsx";
import { TripLabels } from "./trip-labels.tsx";
import { useFlows } from "./use-flows.ts";
import { useMapKeys } from "./use-map-keys.ts";
import { useRestZoom } from "./use-rest-zoom.ts";
import type { ViewportControl } from "./use-viewport.ts";

interface MapMarksProps {
  readonly scene: Scene;
  readonly control: ViewportControl;
  readonly frame: Size;
  readonly frameRef: RefObject<HTMLElement | null>;
  readonly lookOf: LookOf;
  readonly found: ReadonlySet<string> | undefined;
  readonly latest: Latest;
  readonly watch: Watch;
  /** The mark that had the focus last. */
  readonly focused: string | undefined;
  /** The mark whose ties come forward. */
  readonly near: string | undefined;
  readonly onFocus: (id: string) => void;
}

/** Everything on the map that can be pointed at, and the keys that lead there. */
export function MapMarks(props: MapMarksProps) {
  const { scene, control, frame } = props;
  const [, change] = useNodeView();
  const { zoom } = control.viewport;
  const restZoom = useRestZoom(zoom);
  const { flows, keys } = useMarks(props, restZoom);
  const { step } = scene.arrangement;
  const clear = useCallback(() => change({ selected: undefined, tie: undefined }), [change]);
  return (
    <div className="absolute inset-0" {...keys} role="presentation">
      <MapLayer
        restZoom={restZoom}
        chipWidth={chipWidthAt(zoom, step)}
        flows={flows}
        frame={frame}
        nameWidth={nameWidthAt(zoom, step) ?? nameWidthAlone}
        onClear={clear}
        onMounted={told}
        onMove={control.move}
        viewport={control.viewport}
      >
        <Labels
          beats={props.watch.beats}
          near={props.near}
          pulse={props.watch.pulse}
          scene={scene}
          zoom={zoom}
        />
      </MapLayer>
    </div>
  );
}

/** The marks themselves, which of them Tab leads to, and what keys do. */
function useMarks(props: MapMarksProps, restZoom: number) {
  const { scene, control, frameRef, lookOf, found, latest, onFocus } = props;
  const [view, change] = useNodeView();
  const connection = useConnection(useNodesLive());
  const places = useMemo(() => placesIn(scene), [scene]);
  const reachable = [props.focused, view.selected, places.keys().next().value].find((id) =>
    places.has(id ?? ""),
  );
  const { zoom } = control.viewport;
  const { step } = scene.arrangement;
  const size = sizeAt(scene.level, zoom, step);
  const way = wayFrom(scene, places);
  const keys = useMapKeys({
    frameRef,
    places: way,
    seen: places,
    size,
    control,
    reachable,
    onFocus,
  });
  const onSelect = useCallback((id: string) => change({ selected: id, tie: undefined }), [change]);
  const onOpen = useOpening(scene, control);
  const flows = useFlows({
    scene,
    restZoom,
    latest,
    lookOf,
    found,
    reachable,
    connection,
    onSelect,
    onOpen,
    onFocus,
    group: view.group,
    roomy: nameWidthAt(zoom, step) !== undefined,
    selected: view.selected,
  });
  return { flows, keys };
}

/** How wide a name may be that has nobody beside it. */
const nameWidthAlone = 120;

function told(): void {
  markOnce("foedus:cards");
}

/** Where the marks stand that can have the focus. */
function placesIn({ single, clusters, spots }: Scene): ReadonlyMap<string, Point> {
  const places = new Map<string, Point>();
  for (const { key, place } of clusters) places.set(key, place);
  for (const { id } of single) {
    const place = spots.get(id);
    if (place !== undefined) places.set(id, place);
  }
  return places;
}

/** Arrows lead out of sight where every node has a mark; among clusters they stay within it. */
function wayFrom(scene: Scene, places: ReadonlyMap<string, Point>): ReadonlyMap<string, Point> {
  return scene.level === "cluster" ? places : scene.arrangement.places;
}

/** Opens a cluster by coming so near that it falls apart. */
function useOpening({ clusters, arrangement }: Scene, { open }: ViewportControl) {
  return useCallback(
    (key: string) => {
      const cluster = clusters.find((each) => each.key === key);
      const box = cluster && boxOf(cluster.nodes, arrangement.places);
      if (box !== undefined) open(box);
    },
    [clusters, arrangement, open],
  );
}

function boxOf(nodes: readonly Node[], places: ReadonlyMap<string, Point>): Box | undefined {
  return boxAround(
    nodes.flatMap(({ id }) => {
      const place = places.get(id);
      return place === undefined ? [] : [{ ...place, ...markSizes.card }];
    }),
  );
}

interface LabelsProps {
  readonly scene: Scene;
  readonly zoom: number;
  readonly pulse: Watch["pulse"];
  readonly beats: Watch["beats"];
  readonly near: string | undefined;
}

/** What is written on the lines, and what runs along them. */
const Labels = memo(function Labels({ scene, zoom, pulse, beats, near }: LabelsProps) {
  const [, change] = useNodeView();
  const { level, single, arrangement } = scene;
  if (level === "cluster") return null;
  const scale = level === "card" ? 1 : 1 / zoom;
  const isLabelled =
    level === "card"
      ? () => true
      : (each: Scene["ties"][number]) => each.chosen || isNear(each, near);
  return (
    <>
      {scene.hub && <Pulses places={arrangement.places} pulse={pulse} radius={3 * scale} />}
      {level === "card" && scene.hub && (
        <TripLabels beats={beats} nodes={single} places={arrangement.places} />
      )}
      {level !== "dot" && (
        <TieLabels
          drawn={scene.ties.filter(isLabelled)}
          mark={sizeIn(level, zoom, arrangement.step)}
          onChoose={(tie) => change({ tie, selected: undefined })}
          places={single.flatMap(({ id }) => arrangement.places.get(id) ?? [])}
          scale={scale}
        />
      )}
    </>
  );
});
