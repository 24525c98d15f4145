import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { roundTripText } from "../../parts/measure.ts";
import { measures, type Point } from "./layout.ts";

/** Where on the visible part of a link its figure stands. */
const along = 0.45;

/** The measured round trip, on the link it was measured on. */
export function TripLabels(props: { nodes: readonly Node[]; places: ReadonlyMap<string, Point> }) {
  return props.nodes.map((node) => {
    const place = props.places.get(node.id);
    if (place === undefined || node.roundTripUs === undefined) return null;
    const spot = spotOn(place);
    return (
      <span
        className="figures absolute -translate-1/2 rounded-full border border-line bg-ground px-2 py-0.5 text-2xs whitespace-nowrap text-muted"
        key={node.id}
        style={{ left: spot.x, top: spot.y }}
      >
        <span className="sr-only">round trip of {node.name.slice(0, 80)}: </span>
        {roundTripText(node.roundTripUs)}
      </span>
    );
  });
}

/** Between the border of the hub's card and the border of the node's. */
function spotOn({ x, y }: Point): Point {
  const length = Math.hypot(x, y) || 1;
  const way = { x: x / length, y: y / length };
  const start = reach(way, 144, 80);
  const end = length - reach(way, measures.card.width, measures.card.height);
  const at = start + (end - start) * along;
  return { x: way.x * at, y: way.y * at };
}

/** How far it is from the middle of a box to its border, that way. */
function reach(way: Point, width: number, height: number): number {
  const acrossX = width / 2 / Math.max(Math.abs(way.x), 1e-6);
  const acrossY = height / 2 / Math.max(Math.abs(way.y), 1e-6);
  return Math.min(acrossX, acrossY);
}
