import { IntegrationEdge_Kind as Kind } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { type Curve, curveBetween, pointOn } from "./curve.ts";
import { labelSpots } from "./spots.ts";
import { measures, type Detail, type Point } from "./layout.ts";
import { kindName, type Tie } from "./ties.ts";

/** A tie and where it runs. */
export interface DrawnTie {
  readonly tie: Tie;
  readonly curve: Curve;
  /** Where its label stands; a tie without a free spot is found in the panel of its nodes. */
  readonly spot: Point | undefined;
}

/** How far a second tie between the same two nodes bows beyond the first. */
const shiftStep = 0.13;

/** Curves for all ties whose ends are on the map; those between the same nodes lie side by side. */
export function drawTies(
  ties: readonly Tie[],
  places: ReadonlyMap<string, Point>,
  detail: Detail,
): readonly DrawnTie[] {
  const used = new Map<string, number>();
  const box = detail === "dot" ? { width: 8, height: 8 } : measures[detail];
  const curves = ties.flatMap((tie) => {
    const from = places.get(tie.fromId);
    const to = places.get(tie.toId);
    if (from === undefined || to === undefined) return [];
    const pair = [tie.fromId, tie.toId].toSorted().join();
    const turn = used.get(pair) ?? 0;
    used.set(pair, turn + 1);
    return [{ tie, curve: curveBetween(from, to, box, turn * shiftStep) }];
  });
  const spots = labelSpots(
    curves.map(({ curve }) => curve),
    places.values(),
    box,
  );
  return curves.map((drawn, at) => ({ ...drawn, spot: spots[at] }));
}

/** The outermost point of each tie, and where its label stands. */
export function pointsOf(drawn: readonly DrawnTie[]): readonly Point[] {
  return drawn.flatMap(({ curve, spot }) => [pointOn(curve, 0.5), ...(spot ? [spot] : [])]);
}

/** Whether a tie is of the schema kind, which has a colour and a dash of its own. */
export function isSchema(kind: Kind): boolean {
  return kind === Kind.SHARED_SCHEMA;
}

/** The ties as curves: dashed with an arrow for one on another, dotted for what both share. */
export function TieLines({
  drawn,
  chosen,
}: {
  drawn: readonly DrawnTie[];
  chosen?: string | undefined;
}) {
  return (
    <g fill="none" strokeLinecap="round">
      {drawn.map(({ tie, curve }) => (
        <path
          className={`${isSchema(tie.kind) ? "stroke-schema" : "stroke-tie"} ${chosen === tie.id ? "" : "opacity-80"}`}
          d={curve.path}
          key={tie.id}
          markerEnd={tie.mutual ? undefined : "url(#tie-end)"}
          strokeDasharray={tie.mutual ? "1 6" : "7 5"}
          strokeWidth={chosen === tie.id ? 3 : 1.75}
        />
      ))}
    </g>
  );
}

/** The head of a tie's arrow. */
export function TieMarker() {
  return (
    <defs>
      <marker
        id="tie-end"
        markerHeight="9"
        markerUnits="userSpaceOnUse"
        markerWidth="9"
        orient="auto-start-reverse"
        refX="8"
        refY="4.5"
        viewBox="0 0 9 9"
      >
        <path className="fill-tie" d="M0.5,0.8 8.5,4.5 0.5,8.2z" />
      </marker>
    </defs>
  );
}

interface TieLabelsProps {
  readonly drawn: readonly DrawnTie[];
  readonly chosen?: string | undefined;
  readonly onChoose: (id: string) => void;
}

const labelShape =
  "absolute -translate-1/2 rounded-full border px-2 py-0.5 text-2xs font-medium " +
  "whitespace-nowrap aria-pressed:outline-2 aria-pressed:outline-current";
const labelColours = {
  schema: "border-schema bg-schema-ground text-schema",
  tie: "border-tie bg-tie-ground text-tie",
} as const;

/** The kind of a tie, to be chosen; the keyboard finds ties in the panel of a node. */
export function TieLabels({ drawn, chosen, onChoose }: TieLabelsProps) {
  return drawn.map(({ tie, spot }) => {
    if (spot === undefined) return null;
    const several = tie.strands.length > 1 && !tie.mutual;
    return (
      <button
        aria-pressed={chosen === tie.id}
        className={`${labelShape} ${labelColours[isSchema(tie.kind) ? "schema" : "tie"]}`}
        key={tie.id}
        onClick={() => onChoose(tie.id)}
        style={{ left: spot.x, top: spot.y }}
        tabIndex={-1}
        type="button"
      >
        {kindName(tie.kind)}
        {several && ` × ${tie.strands.length}`}
      </button>
    );
  });
}
