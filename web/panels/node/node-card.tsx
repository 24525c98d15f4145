import {
  type GraphSummary,
  GraphSummarySchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { type Node, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { memo } from "react";
import { type Fact, messageOf } from "../../parts/fact.ts";
import { Icon } from "../../parts/icon.tsx";
import { clip, shortCount, skewText } from "../../parts/measure.ts";
import { Name, nameMax } from "../../parts/name.tsx";
import { Ago } from "../../parts/time.tsx";
import { LanguageBar } from "./languages.tsx";
import { type Detail, measures, type Point } from "./layout.ts";
import type { MarkLook } from "./mark-look.ts";
import { titleBeside } from "./state.ts";

interface NodeMarkProps {
  readonly node: Node;
  readonly graph: Fact | undefined;
  readonly look: MarkLook;
  readonly detail: Detail;
  readonly place: Point;
  readonly selected: boolean;
  /** Whether a dot bears its name without being pointed at. */
  readonly named: boolean;
  readonly reachable: boolean;
  readonly onSelect: (id: string) => void;
  readonly onFocus: (id: string) => void;
}

/** One node on the map: a real button, whatever the level of detail. */
export const NodeMark = memo(function NodeMark(props: NodeMarkProps) {
  const { node, detail, place, selected, reachable, look } = props;
  const { width, height } = measures[detail];
  const quiet = node.state === NodeState.OFFLINE || node.state === NodeState.RETIRED;
  return (
    <button
      // A dot has no words of its own until somebody points at it.
      aria-label={detail === "dot" ? `${clip(node.name, nameMax)}, ${look.word}` : undefined}
      aria-pressed={selected}
      className={`group absolute ${shapes[detail]} ${detail === "card" ? look.stripe : look.border} ${selected ? "z-20 ring-4 ring-accent/40" : "hover:z-20 focus-visible:z-20"} ${quiet && detail === "card" ? "bg-sunken" : ""}`}
      data-node={node.id}
      onClick={() => props.onSelect(node.id)}
      onFocus={() => props.onFocus(node.id)}
      style={{ left: place.x - width / 2, top: place.y - height / 2, width, height }}
      tabIndex={reachable ? 0 : -1}
      type="button"
    >
      {detail === "card" && (
        <CardBody graph={messageOf(props.graph, GraphSummarySchema)} look={look} node={node} />
      )}
      {detail === "label" && <LabelBody look={look} node={node} />}
      {detail === "dot" && <DotBody look={look} named={props.named} node={node} />}
    </button>
  );
});

const shapes: Readonly<Record<Detail, string>> = {
  card: "flex flex-col overflow-hidden rounded-xl border border-l-4 border-line bg-raised p-3 text-left shadow-card transition-shadow hover:shadow-lift",
  label:
    "flex flex-col items-center justify-center gap-0.5 rounded-lg border bg-raised px-2 shadow-card",
  dot: "grid place-items-center rounded-full border-0",
};

interface CardBodyProps {
  readonly node: Node;
  readonly look: MarkLook;
  readonly graph: GraphSummary | undefined;
}

function CardBody({ node, look, graph }: CardBodyProps) {
  const lead = graph?.languages[0]?.language;
  const second = titleBeside(node) ?? node.profile?.description ?? "";
  return (
    <>
      <span className="flex items-center gap-2">
        <span className={look.text}>
          <Icon name={look.icon} size={18} />
        </span>
        <Name className="flex-1 text-sm font-semibold" text={node.name} />
        <span className={`text-2xs font-medium ${look.text}`}>{look.word}</span>
      </span>
      {second !== "" && <Name className="mt-0.5 text-xs text-muted" text={second} />}
      <span className="mt-auto text-xs">
        {graph === undefined ? (
          <span className="text-muted">nothing told of its files yet</span>
        ) : (
          <>
            <span className="figures flex justify-between gap-2 pb-1">
              <span>{extentText(graph)}</span>
              <bdi className="truncate text-muted">{lead}</bdi>
            </span>
            {lead !== undefined && <LanguageBar languages={graph.languages} />}
          </>
        )}
      </span>
      <span className="mt-auto flex justify-between gap-2 border-line pt-1 text-2xs text-muted">
        <span>
          seen <Ago at={node.lastSeenTime} never="never" />
        </span>
        <span className="figures">clock {skewText(node.skewMs)}</span>
      </span>
    </>
  );
}

/** How large a project is: in lines, else in files. */
function extentText({ lines, files }: GraphSummary): string {
  if (lines !== undefined) return `${shortCount(lines)} lines`;
  return files === undefined ? "size unknown" : `${shortCount(files)} files`;
}

function LabelBody({ node, look }: { node: Node; look: MarkLook }) {
  return (
    <>
      <span className={`inline-flex items-center gap-1 text-2xs ${look.text}`}>
        <Icon name={look.icon} size={12} />
        {look.word}
      </span>
      <Name className="max-w-full text-xs font-medium" text={node.name} />
    </>
  );
}

function DotBody({ node, look, named }: { node: Node; look: MarkLook; named: boolean }) {
  return (
    <>
      <span className={look.text}>
        <Icon name={look.icon} size={look.icon === "online" ? 10 : 15} />
      </span>
      <span
        className={`pointer-events-none absolute top-full left-1/2 z-30 max-w-48 -translate-x-1/2 rounded-md border border-line bg-raised px-1.5 py-0.5 text-2xs whitespace-nowrap shadow-card group-hover:block group-focus-visible:block ${named ? "" : "hidden"}`}
      >
        <Name text={node.name} />
        <span className={`${look.text} ${named ? "sr-only" : ""}`}>{look.word}</span>
      </span>
    </>
  );
}
