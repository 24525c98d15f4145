import { GraphSummarySchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { memo } from "react";
import { messageOf } from "../../parts/fact.ts";
import { countText, roundTripText, skewText } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import { useRows } from "../../parts/rows.tsx";
import { Cell, type Column, Table } from "../../parts/table.tsx";
import { Ago } from "../../parts/time.tsx";
import { latestOf, type Latest } from "./latest.ts";
import { StateBadge } from "./state-badge.tsx";
import { useNodeView } from "./view.ts";

const columns: readonly Column[] = [
  { key: "name", title: "Name", sortable: true },
  { key: "state", title: "State", sortable: true },
  { key: "project", title: "Project", sortable: true },
  { key: "seen", title: "Last seen", sortable: true },
  { key: "trip", title: "Round trip", sortable: true, right: true },
  { key: "skew", title: "Clock", sortable: true, right: true },
  { key: "lines", title: "Lines", right: true },
];

/** The twin of the map: the same nodes, the same filter, in rows. */
export function NodeTable({ nodes, latest }: { nodes: readonly Node[]; latest: Latest }) {
  const [view, change] = useNodeView();
  const { key, descending } = view.sort;
  const { rows, more } = useRows(nodes);
  const sortBy = (next: string) =>
    change({ sort: next === key && !descending ? `-${next}` : next }, true);
  return (
    <div className="scrolls min-h-0 flex-1 bg-surface">
      <Table caption="Nodes" columns={columns} onSort={sortBy} sort={{ key, descending }}>
        {rows.map((node) => (
          <NodeRow
            key={node.id}
            lines={
              messageOf(latestOf(latest, node.spiffeId, "graph.summary.nodes"), GraphSummarySchema)
                ?.lines
            }
            node={node}
            onSelect={select}
            selected={node.id === view.selected}
          />
        ))}
      </Table>
      {more}
    </div>
  );
  function select(id: string) {
    change({ selected: id, tie: undefined });
  }
}

interface NodeRowProps {
  readonly node: Node;
  readonly lines: bigint | undefined;
  readonly selected: boolean;
  readonly onSelect: (id: string) => void;
}

const NodeRow = memo(
  function NodeRow({ node, lines, selected, onSelect }: NodeRowProps) {
    return (
      <tr className={`relative ${selected ? "bg-accent-ground" : "hover:bg-sunken"}`}>
        <Cell>
          <button
            aria-pressed={selected}
            className="block max-w-72 text-left font-medium text-accent after:absolute after:inset-0"
            data-node={node.id}
            onClick={() => onSelect(node.id)}
            type="button"
          >
            <Name text={node.name} />
          </button>
        </Cell>
        <Cell>
          <StateBadge state={node.state} />
        </Cell>
        <Cell>
          <Name className="max-w-52" text={node.profile?.project || "unknown"} />
        </Cell>
        <Cell>
          <Ago at={node.lastSeenTime} never="never" />
        </Cell>
        <Cell right>{roundTripText(node.roundTripUs)}</Cell>
        <Cell right>{skewText(node.skewMs)}</Cell>
        <Cell right>{countText(lines)}</Cell>
      </tr>
    );
  },
  // The way to select never changes its meaning, only its identity.
  (before, now) =>
    before.node === now.node && before.lines === now.lines && before.selected === now.selected,
);
