import {
  type GraphSummary,
  GraphSummarySchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { type Node, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { type Fact, messageOf } from "../../../parts/fact.ts";
import { Icon } from "../../../parts/icon.tsx";
import { clip, shortCount, skewText } from "../../../parts/measure.ts";
import { Name, nameMax } from "../../../parts/name.tsx";
import { Ago } from "../../../parts/time.tsx";
import { LanguageBar } from "../languages.tsx";
import { titleBeside } from "../state.ts";
import type { Level } from "./level.ts";
import type { MarkLook } from "./mark-look.ts";

/** What the mark of one node shows. */
export interface NodeMarkProps {
  readonly node: Node;
  readonly graph: Fact | undefined;
  readonly look: MarkLook;
  readonly level: Exclude<Level, "cluster">;
  readonly selected: boolean;
  /** Whether a search was made that did not find it. */
  readonly dim: boolean;
  /** Whether a dot bears its name without being pointed at. */
  readonly named: boolean;
  readonly reachable: boolean;
  readonly onSelect: (id: string) => void;
  readonly onFocus: (id: string) => void;
}

/** One node on the map: a real button, whatever the level of detail. */
export function NodeMark(props: NodeMarkProps) {
  const { node, level, selected, reachable, look, dim } = props;
  const quiet = node.state === NodeState.OFFLINE || node.state === NodeState.RETIRED;
  return (
    <button
      // A dot has no words of its own until somebody points at it.
      aria-label={level === "dot" ? `${clip(node.name, nameMax)}, ${look.word}` : undefined}
      aria-pressed={selected}
      className={`group map-mark ${shapes[level]} ${level === "card" ? look.stripe : look.border} ${selected ? "ring-4 ring-accent/40" : ""} ${quiet && level === "card" ? "bg-sunken" : ""} ${dim ? "opacity-35 focus-visible:opacity-100" : ""}`}
      data-node={node.id}
      onClick={() => props.onSelect(node.id)}
      onFocus={() => props.onFocus(node.id)}
      onPointerEnter={() => props.onFocus(node.id)}
      tabIndex={reachable ? 0 : -1}
      type="button"
    >
      {level === "card" && (
        <CardBody graph={messageOf(props.graph, GraphSummarySchema)} look={look} node={node} />
      )}
      {level === "chip" && <ChipBody look={look} node={node} />}
      {level === "dot" && <DotBody look={look} named={props.named} node={node} />}
    </button>
  );
}

const shapes: Readonly<Record<NodeMarkProps["level"], string>> = {
  card: "h-[124px] w-[236px] flex flex-col overflow-hidden rounded-xl border border-l-4 border-line bg-raised p-3 text-left shadow-card transition-shadow hover:shadow-lift",
  chip: "map-still map-chip h-[30px] flex items-center gap-1 rounded-lg border bg-raised px-1.5 text-left shadow-card hover:shadow-lift",
  dot: "map-still size-[18px] grid place-items-center rounded-full border-0 bg-raised",
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
          <span className="block truncate text-muted">{purposeOf(node)}</span>
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

/** What a node without files to tell of says of its purpose. */
function purposeOf({ profile }: Node): string {
  const words = [profile?.project, profile?.environment].filter(Boolean);
  return words.length === 0 ? "nothing told of its files yet" : clip(words.join(" · "), nameMax);
}

function ChipBody({ node, look }: { node: Node; look: MarkLook }) {
  return (
    <>
      <span className={look.text}>
        <Icon name={look.icon} size={13} />
      </span>
      <Name className="flex-1 text-2xs font-medium" text={node.name} />
      <span className="sr-only">{look.word}</span>
    </>
  );
}

function DotBody({ node, look, named }: { node: Node; look: MarkLook; named: boolean }) {
  return (
    <>
      <span className={look.text}>
        <Icon name={look.icon} size={16} />
      </span>
      <span
        className={`pointer-events-none absolute top-full left-1/2 z-30 -translate-x-1/2 px-1 text-2xs whitespace-nowrap ${named ? "map-name group-hover:max-w-64 group-focus-visible:max-w-64" : "hidden max-w-64 rounded-md border border-line bg-raised shadow-card group-hover:block group-focus-visible:block"}`}
      >
        <Name text={node.name} />
        <span className={`${look.text} ${named ? "sr-only" : ""}`}>{look.word}</span>
      </span>
    </>
  );
}
