import type { Link } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Badge } from "../../parts/badge.tsx";
import { Icon } from "../../parts/icon.tsx";
import { bytesText, clip, countText, roundTripText, shortCount } from "../../parts/measure.ts";
import { NodeLink } from "../../parts/node-link.tsx";
import { useRows } from "../../parts/rows.tsx";
import { Cell, type Column, Table } from "../../parts/table.tsx";
import { Ago } from "../../parts/time.tsx";
import { breakerLook, breakerWord, type LinkKey, linkKeys, sortLinks } from "./breaker.ts";
import { TrendMark } from "./trend-mark.tsx";

const columns: readonly Column[] = [
  { key: "name", title: "Node", sortable: true },
  { key: "live", title: "Connection", sortable: true },
  { key: "terms", title: "Speaks" },
  { key: "latency", title: "Round trip", width: 7, sortable: true, right: true },
  { key: "messages", title: "Messages", width: 6, right: true },
  { key: "bytes", title: "Bytes", width: 7, sortable: true, right: true },
  { key: "errors", title: "Errors", width: 8, sortable: true, right: true },
  { key: "breaker", title: "Breaker", width: 6 },
  { key: "heals", title: "Heals", width: 5, sortable: true, right: true },
];

/** The links, as both ends know them. */
export function LinkTable({ links }: { links: readonly Link[] }) {
  const { sort = "name" } = useSearch({ from: "/layout/link" });
  const navigate = useNavigate({ from: "/link" });
  const descending = sort.startsWith("-");
  const key: LinkKey = linkKeys.find((each) => each === sort.replace("-", "")) ?? "name";
  const { rows, more } = useRows(sortLinks(links, key, descending));
  const sortBy = (next: string) => {
    const wish = next === key && !descending ? `-${next}` : next;
    void navigate({ search: (before) => ({ ...before, sort: wish }), replace: true });
  };
  return (
    <>
      <Table
        caption="Links of the nodes"
        columns={columns}
        onSort={sortBy}
        sort={{ key, descending }}
      >
        {rows.map((link) => (
          <LinkRow key={link.nodeId} link={link} />
        ))}
      </Table>
      {more}
    </>
  );
}

function LinkRow({ link }: { link: Link }) {
  const { counts } = link;
  const breaker = breakerLook(link.breaker);
  return (
    <tr>
      <Cell>
        <NodeLink className="max-w-40" id={link.nodeId} name={link.nodeName} />
      </Cell>
      <Cell>
        <LiveBadge link={link} />
      </Cell>
      <Cell>
        <Speaks link={link} />
      </Cell>
      <Cell right>
        {roundTripText(link.roundTripMeanUs)}
        <TrendMark link={link} />
      </Cell>
      <Cell right>
        <Pair down={shortCount(counts?.messagesReceived)} up={shortCount(counts?.messagesSent)} />
      </Cell>
      <Cell right>
        <Pair down={bytesText(counts?.bytesReceived)} up={bytesText(counts?.bytesSent)} />
      </Cell>
      <Cell right>
        <Errors link={link} />
      </Cell>
      <Cell>
        <span
          className={`inline-flex items-center gap-1.5 align-middle text-xs font-medium whitespace-nowrap ${breaker.text}`}
          title={breaker.word}
        >
          <Icon name={breaker.icon} size={13} />
          {breakerWord(link.breaker)}
        </span>
      </Cell>
      <Cell right>{countText(counts?.heals)}</Cell>
    </tr>
  );
}

/** Whether the hub holds a connection: its own word, not the node's. */
export function LiveBadge({ link }: { link: Link }) {
  if (!link.live) {
    return (
      <Badge icon="offline" tone="offline">
        None
      </Badge>
    );
  }
  return (
    <Badge icon="online" quiet tone="online">
      Live{link.connections > 1 && ` × ${link.connections}`}
    </Badge>
  );
}

function Speaks({ link }: { link: Link }) {
  const { terms } = link;
  if (terms === undefined) return <span className="text-xs text-muted">nothing agreed yet</span>;
  const abilities = terms.capabilities.join(", ");
  return (
    <span className="block text-xs whitespace-nowrap" title={abilities || "no extras"}>
      protocol {terms.protocol}
      <span className="block max-w-44 truncate text-muted">{clip(link.software, 60)}</span>
    </span>
  );
}

function Pair({ up, down }: { up: string; down: string }) {
  return (
    <span className="inline-flex flex-col text-xs whitespace-nowrap">
      <span className="inline-flex items-center justify-end gap-1">
        <span className="sr-only">sent </span>
        {up}
        <Icon name="up" size={10} />
      </span>
      <span className="inline-flex items-center justify-end gap-1 text-muted">
        <span className="sr-only">received </span>
        {down}
        <Icon name="down" size={10} />
      </span>
    </span>
  );
}

function Errors({ link: { counts, reportTime } }: { link: Link }) {
  const row = counts?.consecutiveFailures ?? 0;
  return (
    <span className="inline-flex flex-col items-end text-xs">
      <span className="text-sm">{countText(counts?.errors)}</span>
      {row > 0 ? (
        <span className="inline-flex items-center gap-1 whitespace-nowrap text-degraded">
          <Icon name="warning" size={11} />
          {countText(row)} in a row
        </span>
      ) : (
        <span className="whitespace-nowrap text-muted">
          told <Ago at={reportTime} never="never" />
        </span>
      )}
    </span>
  );
}
