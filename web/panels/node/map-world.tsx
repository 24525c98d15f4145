import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { useConnection } from "../../parts/use-live.ts";
import { HubCard } from "./hub-card.tsx";
import { latestOf, type Latest } from "./latest.ts";
import type { Detail, Point } from "./layout.ts";
import { Links, Orbits } from "./links.tsx";
import { markLook, type Scores } from "./mark-look.ts";
import { NodeMark } from "./node-card.tsx";
import { useNodesLive } from "./nodes.tsx";
import { Pulses } from "./pulses.tsx";
import { type DrawnTie, TieLabels, TieLines, TieMarker } from "./tie-lines.tsx";
import { TripLabels } from "./trip-labels.tsx";
import type { ViewportControl } from "./use-viewport.ts";
import { useNodeView } from "./view.ts";
import type { Watch } from "./watch.ts";

/** So few dots can all bear their names. */
const namedDotsMax = 40;

interface MapWorldProps {
  readonly control: ViewportControl;
  readonly detail: Detail;
  readonly places: ReadonlyMap<string, Point>;
  readonly population: number;
  readonly shown: readonly Node[];
  readonly drawn: readonly DrawnTie[];
  readonly latest: Latest;
  readonly scores: Scores;
  readonly pulse: Watch["pulse"];
  readonly reachable: string | undefined;
  readonly onSelect: (id: string) => void;
  readonly onFocus: (id: string) => void;
}

/** Everything that moves with the map. */
export function MapWorld(props: MapWorldProps) {
  const { control, detail, places, shown, reachable } = props;
  const [view] = useNodeView();
  const { x, y, zoom } = control.viewport;
  return (
    <div
      className={`absolute top-1/2 left-1/2 size-0 ${control.dragging ? "" : "transition-transform duration-calm ease-calm"}`}
      style={{ transform: `translate(${x}px, ${y}px) scale(${zoom})` }}
    >
      <Lines {...props} />
      <HubCard connection={useConnection(useNodesLive())} detail={detail} />
      {detail === "card" && <TripLabels nodes={shown} places={places} />}
      {shown.map((node) => (
        <NodeMark
          detail={detail}
          graph={latestOf(props.latest, node.spiffeId, "graph.summary.nodes")}
          key={node.id}
          look={markLook(node, props.scores)}
          named={shown.length <= namedDotsMax}
          node={node}
          onFocus={props.onFocus}
          onSelect={props.onSelect}
          place={places.get(node.id) ?? origin}
          reachable={node.id === reachable}
          selected={node.id === view.selected}
        />
      ))}
      <Labels {...props} />
    </div>
  );
}

const origin: Point = { x: 0, y: 0 };

function Lines({ population, detail, shown, places, pulse, drawn, reachable }: MapWorldProps) {
  const [view] = useNodeView();
  // Among many dots, only the ties of one node can be followed by eye.
  const near = detail === "dot" ? nearTo(drawn, view.selected ?? reachable) : drawn;
  return (
    <svg aria-hidden="true" className="absolute size-px overflow-visible">
      <TieMarker />
      <Orbits count={population} detail={detail} />
      <Links detail={detail} nodes={shown} places={places} />
      <Pulses detail={detail} places={places} pulse={pulse} />
      <TieLines chosen={view.tie} drawn={near} />
    </svg>
  );
}

function Labels({ detail, drawn, reachable }: MapWorldProps) {
  const [view, change] = useNodeView();
  if (detail === "dot") return null;
  const labelled =
    detail === "card"
      ? drawn
      : drawn.filter(
          (each) => each.tie.id === view.tie || isNear(each, view.selected ?? reachable),
        );
  return (
    <TieLabels
      chosen={view.tie}
      drawn={labelled}
      onChoose={(tie) => change({ tie, selected: undefined })}
    />
  );
}

function nearTo(drawn: readonly DrawnTie[], id: string | undefined): readonly DrawnTie[] {
  return drawn.filter((each) => isNear(each, id));
}

function isNear({ tie }: DrawnTie, id: string | undefined): boolean {
  return tie.fromId === id || tie.toId === id;
}
