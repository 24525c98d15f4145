import { useInfiniteQuery } from "@connectrpc/connect-query";
import { type Peer, PeerState } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { LinkService } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { useState } from "react";
import { Badge, Tag } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { clip, countText } from "../../parts/measure.ts";
import { Name, Words } from "../../parts/name.tsx";
import { Empty } from "../../parts/note.tsx";
import { Paged } from "../../parts/paged.tsx";
import { Cell, type Column, Table } from "../../parts/table.tsx";
import { Ago, msOf } from "../../parts/time.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import { useMay } from "../../shell/session.tsx";
import { RemovePeerDialog } from "./remove-peer-dialog.tsx";

const columns: readonly Column[] = [
  { key: "domain", title: "Trust domain" },
  { key: "state", title: "Its roots" },
  { key: "told", title: "Is told" },
  { key: "taken", title: "Is heard on" },
  { key: "addresses", title: "Where" },
  { key: "actions", title: "", right: true },
];
const pageSize = 100;
const errorMax = 160;
const domainMax = 80;

/** Hubs with roots of their own that this one trusts, and what crosses. */
export function PeerCard() {
  const list = useInfiniteQuery(
    LinkService.method.listPeers,
    { page: { size: pageSize, token: "" } },
    {
      pageParamKey: "page",
      getNextPageParam: ({ nextPageToken: token }) =>
        token === "" ? undefined : { size: pageSize, token },
    },
  );
  const peers = list.data?.pages.flatMap((page) => page.peers) ?? [];
  return (
    <Card title="Peers">
      <Paged label="Asking for the peers" list={list} shown={peers.length}>
        {peers.length === 0 ? (
          <Empty command="npx foedus peer add INVITATION" icon="hub" small title="No peers">
            A hub with a root of its own appears here once an operator has trusted its invitation.
            It is verified against its own roots, and only for its own trust domain.
          </Empty>
        ) : (
          <>
            <ForAnswer peers={peers} />
            <Table caption="Peers by trust domain" columns={columns}>
              {peers.map((peer) => (
                <PeerRow key={peer.trustDomain} peer={peer} />
              ))}
            </Table>
          </>
        )}
      </Paged>
    </Card>
  );
}

/** A peer whose roots grew old is asked again until it answers. */
function ForAnswer({ peers }: { peers: readonly Peer[] }) {
  const stale = peers.find(({ state }) => state === PeerState.STALE);
  if (stale === undefined) return null;
  return (
    <div className="border-b border-line p-5">
      <Waiting
        plain
        wait={{
          waitingFor: `the roots of ${clip(stale.trustDomain, domainMax)}`,
          whoCanEndIt: "whoever runs that hub",
          sinceMs: BigInt(msOf(stale.refreshTime) ?? 0),
          command: "npx foedus peer list",
        }}
      />
    </div>
  );
}

function PeerRow({ peer }: { peer: Peer }) {
  const [removing, setRemoving] = useState(false);
  const may = useMay(LinkService.method.removePeer);
  return (
    <tr>
      <Cell>
        <Name className="max-w-48 font-medium" text={peer.trustDomain} />
        <code className="block max-w-48 truncate font-mono text-2xs text-muted" title={peer.caHash}>
          {peer.caHash}
        </code>
      </Cell>
      <Cell>
        <PeerBadge peer={peer} />
      </Cell>
      <Cell>
        <Families note={`up to event ${peer.toldCursor}`} types={peer.toldTypes} />
      </Cell>
      <Cell>
        <Families note={`${countText(peer.takenEvents)} events`} types={peer.takenTypes} />
      </Cell>
      <Cell>
        <code className="block font-mono text-xs">{peer.joinAddress.slice(0, 80)}</code>
        <code className="block font-mono text-2xs text-muted">
          {peer.nodeAddress.slice(0, 80) || "only listens"}
        </code>
      </Cell>
      <Cell right>
        <Button
          onClick={() => setRemoving(true)}
          small
          tone="quiet"
          {...(may.allowed ? {} : { refusal: may.why })}
        >
          Remove
        </Button>
        {removing && (
          <RemovePeerDialog onClose={() => setRemoving(false)} trustDomain={peer.trustDomain} />
        )}
      </Cell>
    </tr>
  );
}

function PeerBadge({ peer }: { peer: Peer }) {
  const fresh = peer.state === PeerState.TRUSTED;
  return (
    <span className="block py-1.5">
      <Badge
        icon={fresh ? "online" : "degraded"}
        quiet={fresh}
        tone={fresh ? "online" : "degraded"}
      >
        {fresh ? "Pinned and fresh" : "Stale"}
      </Badge>
      <span className="mt-0.5 block text-xs text-muted">
        read <Ago at={peer.refreshTime} never="never" />
      </span>
      {peer.lastError && (
        <Words
          className="line-clamp-2! max-w-60 text-xs text-degraded"
          text={peer.lastError.slice(0, errorMax)}
        />
      )}
    </span>
  );
}

function Families({ types, note }: { types: readonly string[]; note: string }) {
  if (types.length === 0) return <span className="text-muted">nothing</span>;
  return (
    <span className="block py-1.5">
      <span className="flex max-w-56 flex-wrap gap-1">
        {types.map((type) => (
          <Tag key={type}>{type}</Tag>
        ))}
      </span>
      <span className="mt-0.5 block text-xs text-muted">{note}</span>
    </span>
  );
}
