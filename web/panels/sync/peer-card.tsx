import { useInfiniteQuery } from "@connectrpc/connect-query";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import type { ListedPeer } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { Badge, Tag } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import { NodeLink } from "../../parts/node-link.tsx";
import { Empty } from "../../parts/note.tsx";
import { Paged } from "../../parts/paged.tsx";
import { Cell, type Column, Table } from "../../parts/table.tsx";
import { At } from "../../parts/time.tsx";

const columns: readonly Column[] = [
  { key: "node", title: "Node" },
  { key: "address", title: "Listens at" },
  { key: "zones", title: "Meets who stands in" },
  { key: "told", title: "Others are told of it until" },
  { key: "membership", title: "Its membership holds until" },
];
const pageSize = 100;

/** Nodes that listen for each other, for the time that the hub is away. */
export function PeerCard() {
  const { list, shown } = usePeers();
  return (
    <Card title="Peers">
      <Paged label="Asking for the peers" list={list} shown={shown.length}>
        {shown.length === 0 ? (
          <Empty icon="link" small title="No node listens for others">
            While the hub is away, each node goes on alone. Nodes whose programs open them with{" "}
            <code className="font-mono text-xs">sync.peers</code> pass on what they write.
          </Empty>
        ) : (
          <Table caption="Peers by node" columns={columns}>
            {shown.map((peer) => (
              <PeerRow key={peer.nodeId} peer={peer} />
            ))}
          </Table>
        )}
      </Paged>
    </Card>
  );
}

function PeerRow({ peer }: { peer: ListedPeer }) {
  const { nodeId, node, address, zones, told, leaseExpireTime, membershipExpireTime } = peer;
  return (
    <tr>
      <Cell>
        <NodeLink id={nodeId} name={node || nodeId} />
      </Cell>
      <Cell>
        <code className="font-mono text-xs break-all">{address}</code>
      </Cell>
      <Cell>
        <span className="flex flex-wrap gap-1">
          {zones.map((zone) => (
            <Tag key={zone}>{zone}</Tag>
          ))}
        </span>
      </Cell>
      <Cell>
        {told ? (
          leaseExpireTime && <At at={leaseExpireTime} />
        ) : (
          <Badge icon="block" quiet tone="offline">
            nobody is: it is cut off
          </Badge>
        )}
      </Cell>
      <Cell>{membershipExpireTime && <At at={membershipExpireTime} />}</Cell>
    </tr>
  );
}

/** As the hub has noted them. */
function usePeers() {
  const list = useInfiniteQuery(
    SyncService.method.listPeers,
    { page: { size: pageSize, token: "" } },
    {
      pageParamKey: "page",
      getNextPageParam: ({ nextPageToken: token }) =>
        token === "" ? undefined : { size: pageSize, token },
    },
  );
  return { list, shown: list.data?.pages.flatMap(({ peers }) => peers) ?? [] };
}
