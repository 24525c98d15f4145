import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { memo, type ReactNode } from "react";
import { Icon } from "../../parts/icon.tsx";
import { countText, roundTripText, skewText } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import { Cell, type Column } from "../../parts/table.tsx";
import { Ago } from "../../parts/time.tsx";
import { groupOf, notTold } from "./group.ts";
import { StateBadge } from "./state-badge.tsx";

interface NodeRowProps {
  readonly node: Node;
  readonly columns: readonly Column[];
  readonly lines: bigint | undefined;
  readonly selected: boolean;
  /** Whether it is what was looked for; undefined where nothing is. */
  readonly found: boolean | undefined;
  /** The one row that Tab leads to; arrows go on from there. */
  readonly reachable: boolean;
  readonly onSelect: (id: string) => void;
}

/** One node, drawn anew only when something of it changed. */
export const NodeRow = memo(
  function NodeRow(props: NodeRowProps) {
    const { columns, selected, found } = props;
    const ground = selected ? "bg-accent-ground" : "hover:bg-sunken";
    return (
      <tr className={`relative ${ground} ${found === false ? "text-muted" : ""}`}>
        {columns.map(({ key, right = false }) => (
          <Cell key={key} right={right}>
            {key === "name" ? <Opener {...props} /> : cellOf(props, key)}
          </Cell>
        ))}
      </tr>
    );
  },
  // The way to select never changes its meaning, only its identity.
  (before, now) =>
    before.node === now.node &&
    before.columns === now.columns &&
    before.lines === now.lines &&
    before.selected === now.selected &&
    before.found === now.found &&
    before.reachable === now.reachable,
);

function Opener({ node, selected, found, reachable, onSelect }: NodeRowProps) {
  return (
    <button
      aria-pressed={selected}
      className={`flex max-w-72 items-center gap-2 text-left font-medium after:absolute after:inset-0 ${found === false ? "text-muted" : "text-accent"}`}
      data-node={node.id}
      onClick={() => onSelect(node.id)}
      tabIndex={reachable ? 0 : -1}
      type="button"
    >
      <Name text={node.name} />
      {found && (
        <span className="text-degraded" title="Found">
          <Icon name="search" size={12} />
          <span className="sr-only">found</span>
        </span>
      )}
    </button>
  );
}

function cellOf({ node, lines }: NodeRowProps, key: string): ReactNode {
  switch (key) {
    case "state":
      return <StateBadge state={node.state} />;
    case "project":
      return <Name className="max-w-52" text={node.profile?.project || "unknown"} />;
    case "env":
      return <Told text={groupOf(node, "environment")} />;
    case "role":
      return <Told text={groupOf(node, "role")} />;
    case "seen":
      return <Ago at={node.lastSeenTime} never="never" />;
    case "trip":
      return roundTripText(node.roundTripUs);
    case "skew":
      return skewText(node.skewMs);
    default:
      return countText(lines);
  }
}

function Told({ text }: { text: string }) {
  if (text === "") return <span className="text-muted">{notTold}</span>;
  return <Name className="max-w-40" text={text} />;
}
