import { GraphSummarySchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { type FocusEvent, Fragment, type KeyboardEvent, useMemo, useRef, useState } from "react";
import { messageOf } from "../../parts/fact.ts";
import { countText } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import { useRows } from "../../parts/rows.tsx";
import { Table } from "../../parts/table.tsx";
import { useSize } from "../../parts/use-size.ts";
import { latestOf, type Latest } from "./latest.ts";
import { columnsFor } from "./node-columns.ts";
import { type Heading, type Item, itemsOf } from "./node-items.ts";
import { NodeRow } from "./node-row.tsx";
import { useNodeView } from "./view.ts";

interface NodeTableProps {
  readonly nodes: readonly Node[];
  /** Those that were looked for; undefined where nothing is. */
  readonly found: ReadonlySet<string> | undefined;
  readonly latest: Latest;
}

/** The twin of the map: the same nodes, the same filter, in rows. */
export function NodeTable({ nodes, found, latest }: NodeTableProps) {
  const [view, change] = useNodeView();
  const { key, descending } = view.sort;
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  const columns = useMemo(() => columnsFor(width), [width]);
  const items = useMemo(() => itemsOf(nodes, found, view.group), [nodes, found, view.group]);
  const { rows, more } = useRows(items);
  const [at, setAt] = useState<string>();
  const reachable = reachableOf(rows, [at, view.selected]);
  const sortBy = (next: string) =>
    change({ sort: next === key && !descending ? `-${next}` : next }, true);
  return (
    <div
      className="scrolls min-h-0 flex-1 bg-surface"
      onFocus={(event) => setAt(rowOf(event) ?? at)}
      onKeyDown={moveBetweenRows}
      ref={frame}
      role="presentation"
    >
      <Table caption="Nodes" columns={columns} onSort={sortBy} sort={{ key, descending }}>
        {rows.map(({ node, heading }) => (
          <Fragment key={node.id}>
            {heading && <GroupRow {...heading} span={columns.length} />}
            <NodeRow
              columns={columns}
              found={found?.has(node.id)}
              lines={linesOf(latest, node)}
              node={node}
              onSelect={select}
              reachable={node.id === reachable}
              selected={node.id === view.selected}
            />
          </Fragment>
        ))}
      </Table>
      {more}
    </div>
  );
  function select(id: string) {
    change({ selected: id, tie: undefined });
  }
}

function GroupRow(props: Heading & { span: number }) {
  return (
    <tr className="bg-sunken">
      <th className="h-9 px-5 text-xs font-semibold" colSpan={props.span} scope="colgroup">
        <span className="flex items-baseline gap-2">
          <Name text={props.title} />
          <span className="figures font-normal text-muted">
            {props.hits !== undefined && `${countText(props.hits)} found of `}
            {countText(props.count)}
          </span>
        </span>
      </th>
    </tr>
  );
}

function linesOf(latest: Latest, { spiffeId }: Node): bigint | undefined {
  const graph = latestOf(latest, spiffeId, "graph.summary.nodes");
  return messageOf(graph, GraphSummarySchema)?.lines;
}

/** The first of the wishes that is among the rows, or the first row. */
function reachableOf(rows: readonly Item[], wishes: readonly (string | undefined)[]) {
  const ids = rows.map(({ node }) => node.id);
  return wishes.find((id) => id !== undefined && ids.includes(id)) ?? ids[0];
}

function rowOf({ target }: FocusEvent): string | undefined {
  return target instanceof HTMLElement ? target.dataset["node"] : undefined;
}

/** Up and down a row, or to either end; Enter opens, as on every button. */
function moveBetweenRows(event: KeyboardEvent<HTMLElement>) {
  if (!(event.target instanceof HTMLElement) || event.target.dataset["node"] === undefined) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-node]")];
  const now = all.indexOf(event.target);
  const next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  all[next]?.focus();
}
