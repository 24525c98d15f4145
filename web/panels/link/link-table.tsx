import type { Link as NodeLink } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Badge } from "../../parts/badge.tsx";
import { Icon } from "../../parts/icon.tsx";
import { bytesText, clip, countText, roundTripText, shortCount } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import { useRows } from "../../parts/rows.tsx";
import { Cell, type Column, Table } from "../../parts/table.tsx";
import { Ago } from "../../parts/time.tsx";
import { breakerLook, breakerWord, type LinkKey, linkKeys, sortLinks } from "./breaker.ts";
import { TrendMark } from "./trend-mark.tsx";

const columns: readonly Column[] = [
  { key: "name", title: "Node", sortable: true },
  { key: "live", title: "Connection", sortable: true },
  { key: "terms", title: "Speaks" },
  { key: "latency", title: "Round trip", sortable: true, right: true },
  { key: "messages", title: "Messages", right: true },
  { key: "bytes", title: "Bytes", sortable: true, right: true },
  { key: "errors", title: "Errors", sortable: true, right: true },
  { key: "breaker", title: "Breaker" },
  { key: "heals", title: "Heals", sortable: true, right: true },
];

/** The links, as both ends know them. */
export function LinkTable({ links }: { links: readonly NodeLink[] }) {
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

function LinkRow({ link }: { link: NodeLink }) {
  const { counts } = link;
  const breaker = breakerLook(link.breaker);
  return (
    <tr>
      <Cell>
        <Link
          className="font-medium text-accent underline"
          search={{ selected: link.nodeId }}
          to="/node"
        >
          <Name className="max-w-40" text={link.nodeName} />
        </Link>
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
export function LiveBadge({ link }: { link: NodeLink }) {
  if (!link.live) {
    return (
      <Badge ground="bg-offline-ground" icon="offline" text="text-offline">
        None
      </Badge>
    );
  }
  return (
    <Badge ground="bg-online-ground" icon="online" text="text-online">
      Live{link.connections > 1 && ` × ${link.connections}`}
    </Badge>
  );
}

function Speaks({ link }: { link: NodeLink }) {
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

function Errors({ link: { counts, reportTime } }: { link: NodeLink }) {
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
