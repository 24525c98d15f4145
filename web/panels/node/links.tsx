import { type Node, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { memo } from "react";
import { type Detail, measures, type Point } from "./layout.ts";
import { lookOf, shownStates } from "./state.ts";

/** A line's pattern says the state as much as its colour does. */
const dashes: Partial<Record<NodeState, string>> = {
  [NodeState.DEGRADED]: "12 5",
  [NodeState.OFFLINE]: "3 7",
  [NodeState.MAINTENANCE]: "1 6",
  [NodeState.RETIRED]: "1 10",
};

/** The more lines there are, the fainter each. */
const widths: Readonly<Record<Detail, number>> = { card: 1.5, label: 1, dot: 0.75 };
const shades: Readonly<Record<Detail, string>> = {
  card: "opacity-70",
  label: "opacity-35",
  dot: "opacity-15",
};

interface LinksProps {
  readonly nodes: readonly Node[];
  readonly places: ReadonlyMap<string, Point>;
  readonly detail: Detail;
}

/** The links to the hub: one path for each state, so that a thousand cost as much as five. */
export const Links = memo(function Links({ nodes, places, detail }: LinksProps) {
  return (
    <g fill="none" strokeLinecap="round" strokeWidth={widths[detail]}>
      {shownStates.map((state) => {
        const path = nodes
          .filter((node) => node.state === state)
          .map((node) => lineTo(places.get(node.id)))
          .join("");
        return (
          path !== "" && (
            <path
              className={`${lookOf(state).stroke} ${shades[detail]}`}
              d={path}
              key={state}
              strokeDasharray={dashes[state]}
            />
          )
        );
      })}
    </g>
  );
});

function lineTo(place: Point | undefined): string {
  return place === undefined ? "" : `M0,0L${place.x.toFixed(1)},${place.y.toFixed(1)}`;
}

/** Faint rings that show where the next nodes will stand. */
export const Orbits = memo(function Orbits({ count, detail }: { count: number; detail: Detail }) {
  const { stepX, stepY, core } = measures[detail];
  const rings = Math.max(1, Math.ceil((Math.sqrt(1 + (4 * count) / 3) - 1) / 2));
  const shown =
    detail === "dot" ? [rings + 1] : Array.from({ length: rings }, (_, ring) => ring + 1);
  return (
    <g className="stroke-line" fill="none" strokeDasharray="2 6">
      {shown.map((ring) => (
        <ellipse key={ring} rx={(ring + core) * stepX} ry={(ring + core) * stepY} />
      ))}
    </g>
  );
});
