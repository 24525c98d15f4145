import { type Node, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { roundTripText } from "../../../parts/measure.ts";
import { useNow } from "../../../parts/now.ts";
import { spanText } from "../../../parts/span.ts";
import type { Point } from "./geometry.ts";
import { markSizes } from "./level.ts";

/** Where on the visible part of a link its figure stands. */
const along = 0.45;

/** So long without a heartbeat is worth a word; most nodes send one every few seconds. */
const lagMin = 12_000;

/** The measured round trip, on the link it was measured on; and how long it was silent. */
export function TripLabels(props: { nodes: readonly Node[]; places: ReadonlyMap<string, Point> }) {
  const nowMs = useNow();
  return props.nodes.map((node) => {
    const place = props.places.get(node.id);
    if (place === undefined || node.roundTripUs === undefined) return null;
    const spot = spotOn(place);
    const lagMs = lagOf(node, nowMs);
    return (
      <span
        className={`figures pointer-events-none absolute -translate-1/2 rounded-full border bg-ground px-2 py-0.5 text-2xs whitespace-nowrap ${lagMs === undefined ? "border-line text-muted" : "border-degraded text-degraded"}`}
        key={node.id}
        style={{ left: spot.x, top: spot.y }}
      >
        <span className="sr-only">round trip of {node.name.slice(0, 80)}: </span>
        {roundTripText(node.roundTripUs)}
        {lagMs !== undefined && `, silent for ${spanText(lagMs)}`}
      </span>
    );
  });
}

/** How long a node that should be heard was not; undefined while that is usual. */
function lagOf({ state, lastSeenTime }: Node, nowMs: number): number | undefined {
  const isHeard = state === NodeState.ONLINE || state === NodeState.DEGRADED;
  if (!isHeard || lastSeenTime === undefined) return undefined;
  const lagMs = nowMs - timestampMs(lastSeenTime);
  return lagMs >= lagMin ? lagMs : undefined;
}

/** Between the border of the hub's card and the border of the node's. */
function spotOn({ x, y }: Point): Point {
  const length = Math.hypot(x, y) || 1;
  const way = { x: x / length, y: y / length };
  const start = reach(way, 144, 80);
  const end = length - reach(way, markSizes.card.width, markSizes.card.height);
  const at = start + (end - start) * along;
  return { x: way.x * at, y: way.y * at };
}

/** How far it is from the middle of a box to its border, that way. */
function reach(way: Point, width: number, height: number): number {
  const acrossX = width / 2 / Math.max(Math.abs(way.x), 1e-6);
  const acrossY = height / 2 / Math.max(Math.abs(way.y), 1e-6);
  return Math.min(acrossX, acrossY);
}
