import type { HubProcess } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { Badge } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import { Cell, type Column, Table } from "../../parts/table.tsx";
import { Ago, Since } from "../../parts/time.tsx";

const columns: readonly Column[] = [
  { key: "state", title: "Lease" },
  { key: "node", title: "Node listener" },
  { key: "join", title: "Join listener" },
  { key: "version", title: "Version" },
  { key: "up", title: "Up for", right: true },
  { key: "seen", title: "Renewed", right: true },
];

/** Every hub process over this database, this one first. */
export function ProcessCard({ processes }: { processes: readonly HubProcess[] }) {
  return (
    <Card title="Processes">
      <Table caption="Processes of the hub" columns={columns}>
        {processes.map((each) => (
          <tr key={each.spiffeId}>
            <Cell>
              {each.live ? (
                <Badge icon="online" quiet tone="online">
                  Holds
                </Badge>
              ) : (
                <Badge icon="offline" tone="offline">
                  Lapsed
                </Badge>
              )}
            </Cell>
            <Cell>
              <code className="font-mono text-xs" title={each.spiffeId}>
                {each.nodeAddress}
              </code>
            </Cell>
            <Cell>
              <code className="font-mono text-xs">{each.joinAddress}</code>
            </Cell>
            <Cell>{each.version}</Cell>
            <Cell right>
              <Since at={each.startTime} />
            </Cell>
            <Cell right>
              <Ago at={each.seenTime} />
            </Cell>
          </tr>
        ))}
      </Table>
    </Card>
  );
}
