import { IntegrationEdge_Kind as Kind } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { Icon } from "../../../parts/icon.tsx";
import { useNow } from "../../../parts/now.ts";
import { useLags } from "../../sync/lag-store.ts";
import { syncShort } from "../../sync/lags.ts";
import { kindName, type Tie } from "../ties.ts";
import { type Curve, curveBetween } from "./curve.ts";
import type { Point, Size } from "./geometry.ts";
import { labelSpots } from "./spots.ts";

/** A tie and where it runs. */
export interface DrawnTie {
  readonly tie: Tie;
  readonly curve: Curve;
  readonly chosen: boolean;
}

/** How far a second tie between the same two nodes bows beyond the first. */
const shiftStep = 0.13;

/** Curves for all ties whose ends are on the map; those between the same nodes lie side by side. */
export function drawTies(
  ties: readonly Tie[],
  places: ReadonlyMap<string, Point>,
  mark: Size,
  chosenId: string | undefined,
): readonly DrawnTie[] {
  const used = new Map<string, number>();
  return ties.flatMap((tie) => {
    const from = places.get(tie.fromId);
    const to = places.get(tie.toId);
    if (from === undefined || to === undefined) return [];
    const pair = [tie.fromId, tie.toId].toSorted().join();
    const turn = used.get(pair) ?? 0;
    used.set(pair, turn + 1);
    const curve = curveBetween(from, to, mark, turn * shiftStep);
    return [{ tie, curve, chosen: tie.id === chosenId }];
  });
}

/** Whether a tie ends at a node. */
export function isNear({ tie }: Pick<DrawnTie, "tie">, id: string | undefined): boolean {
  return tie.fromId === id || tie.toId === id;
}

/** Whether a tie is of the schema kind, which has a colour and a dash of its own. */
export function isSchema(kind: Kind): boolean {
  return kind === Kind.SHARED_SCHEMA;
}

interface TieLabelsProps {
  readonly drawn: readonly DrawnTie[];
  /** The marks that no label may cover. */
  readonly places: readonly Point[];
  readonly mark: Size;
  /** How large a label is in the world, so that it has its size on the screen. */
  readonly scale: number;
  readonly onChoose: (id: string) => void;
}

const labelShape =
  "absolute rounded-full border px-2 py-0.5 text-2xs font-medium pointer-events-auto " +
  "whitespace-nowrap aria-pressed:outline-2 aria-pressed:outline-current";
const labelColours = {
  schema: "border-schema bg-schema-ground text-schema",
  tie: "border-tie bg-tie-ground text-tie",
} as const;

/** The kind of a tie, to be chosen; the keyboard finds ties in the panel of a node. */
export function TieLabels({ drawn, places, mark, scale, onChoose }: TieLabelsProps) {
  const spots = labelSpots(
    drawn.map(({ curve }) => curve),
    places,
    mark,
    scale,
  );
  return drawn.map(({ tie, chosen }, at) => {
    const spot = spots[at];
    // A tie without a free spot is found in the panel of its nodes.
    if (spot === undefined) return null;
    const several = tie.strands.length > 1 && !tie.mutual;
    return (
      <button
        aria-pressed={chosen}
        className={`${labelShape} ${labelColours[isSchema(tie.kind) ? "schema" : "tie"]}`}
        key={tie.id}
        onClick={() => onChoose(tie.id)}
        style={{
          left: spot.x,
          top: spot.y,
          transform: `translate(-50%, -50%) scale(${scale})`,
        }}
        tabIndex={-1}
        type="button"
      >
        {kindName(tie.kind)}
        {several && ` × ${tie.strands.length}`}
        <TieLag tie={tie} />
      </button>
    );
  });
}

/** Where what flows along a tie is late: at the end that has waited longest. */
function TieLag({ tie }: { tie: Tie }) {
  const { late } = useLags();
  const ends = [tie.fromId, tie.toId].filter((id) => late.has(id));
  return ends.length === 0 ? null : <LateWords ends={ends} />;
}

function LateWords({ ends }: { ends: readonly string[] }) {
  const { byNode } = useLags();
  const nowMs = useNow();
  const lags = ends.flatMap((id) => byNode.get(id) ?? []);
  const [worst] = lags.toSorted((one, other) => (one.sinceMs ?? 0) - (other.sinceMs ?? 0));
  return (
    <span className="figures ml-1.5 inline-flex items-center gap-1 align-bottom text-degraded">
      <Icon name="degraded" size={11} />
      <span className="sr-only">sync is behind by </span>
      {worst && syncShort(worst, nowMs)}
    </span>
  );
}
