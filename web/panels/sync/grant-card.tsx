import { useInfiniteQuery } from "@connectrpc/connect-query";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { Grant } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { useState } from "react";
import { Badge, Tag } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { NodeLink } from "../../parts/node-link.tsx";
import { Empty } from "../../parts/note.tsx";
import { Paged } from "../../parts/paged.tsx";
import { Cell, type Column, Table } from "../../parts/table.tsx";
import { useMay } from "../../shell/session.tsx";
import { GrantDialog } from "./grant-dialog.tsx";

const columns: readonly Column[] = [
  { key: "node", title: "Node" },
  { key: "zones", title: "Stands in" },
  { key: "relays", title: "Brings others' writes" },
  { key: "actions", title: "", right: true },
];
const pageSize = 100;

/** Nodes that stand in other zones than the hub's, or relay for others. */
export function GrantCard() {
  const may = useMay(CollectionService.method.setGrant);
  const [asking, setAsking] = useState<Grant | "new">();
  const { list, shown, zones } = useGrants();
  const refusal = may.allowed ? {} : { refusal: may.why };
  return (
    <Card
      aside={
        <Button icon="plus" onClick={() => setAsking("new")} {...refusal}>
          Grant to a node
        </Button>
      }
      title="Grants"
    >
      <Paged label="Asking for the grants" list={list} shown={shown.length}>
        <HubZones zones={zones} />
        {shown.length === 0 ? (
          <NoGrants />
        ) : (
          <Table caption="Grants by node" columns={columns}>
            {shown.map((grant) => (
              <GrantRow
                grant={grant}
                key={grant.nodeId}
                onChange={() => setAsking(grant)}
                {...refusal}
              />
            ))}
          </Table>
        )}
      </Paged>
      {asking !== undefined && (
        <GrantDialog
          hubZones={zones}
          onClose={() => setAsking(undefined)}
          {...(asking !== "new" && { before: asking })}
        />
      )}
    </Card>
  );
}

function HubZones({ zones }: { zones: readonly string[] }) {
  return (
    <p className="flex flex-wrap items-center gap-1.5 border-b border-line px-5 py-2.5 text-sm text-muted">
      Whoever has no grant stands in the hub's zones:
      {zones.map((zone) => (
        <Tag key={zone}>{zone}</Tag>
      ))}
    </p>
  );
}

function NoGrants() {
  return (
    <Empty
      command="npx foedus sync grant NODE --relay"
      icon="server"
      small
      title="No node has a grant of its own"
    >
      A hub below this one needs one that lets it relay: without it, it brings only what it wrote
      itself. A node of another zone needs one that names its zones.
    </Empty>
  );
}

function GrantRow(props: { grant: Grant; onChange: () => void; refusal?: string }) {
  const { grant, onChange, refusal } = props;
  return (
    <tr>
      <Cell>
        <NodeLink id={grant.nodeId} name={grant.node || grant.nodeId} />
      </Cell>
      <Cell>
        <span className="flex flex-wrap gap-1">
          {grant.zones.length === 0 ? (
            <span className="text-muted">the hub's own zones</span>
          ) : (
            grant.zones.map((zone) => <Tag key={zone}>{zone}</Tag>)
          )}
        </span>
      </Cell>
      <Cell>
        {grant.relays ? (
          <Badge icon="check" quiet tone="online">
            relays
          </Badge>
        ) : (
          <span className="text-muted">only its own</span>
        )}
      </Cell>
      <Cell right>
        <Button onClick={onChange} small tone="quiet" {...(refusal !== undefined && { refusal })}>
          Change …
        </Button>
      </Cell>
    </tr>
  );
}

function useGrants() {
  const list = useInfiniteQuery(
    CollectionService.method.listGrants,
    { page: { size: pageSize, token: "" } },
    {
      pageParamKey: "page",
      getNextPageParam: ({ nextPageToken: token }) =>
        token === "" ? undefined : { size: pageSize, token },
    },
  );
  const pages = list.data?.pages ?? [];
  return { list, shown: pages.flatMap(({ grants }) => grants), zones: pages[0]?.zones ?? [] };
}
