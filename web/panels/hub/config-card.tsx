import { useQuery } from "@connectrpc/connect-query";
import type { ConfigEntry } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { useState } from "react";
import { Badge } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import { Loading } from "../../parts/loading.tsx";
import { Closed, TroubleNote } from "../../parts/note.tsx";
import { Segments } from "../../parts/segments.tsx";
import { Cell, type Column, Table } from "../../parts/table.tsx";
import { useMay } from "../../shell/session.tsx";

const columns: readonly Column[] = [
  { key: "field", title: "Field" },
  { key: "value", title: "Value" },
  { key: "source", title: "From" },
];

/** What the hub is configured to be, with the source of each value. */
export function ConfigCard() {
  const may = useMay(HubService.method.getConfig);
  return may.allowed ? (
    <Config />
  ) : (
    <Card title="Config">
      <Closed why={may.why} />
    </Card>
  );
}

function Config() {
  const answer = useQuery(HubService.method.getConfig, {});
  const [show, setShow] = useState<"all" | "set">("all");
  const entries = answer.data?.entries ?? [];
  const shown = show === "all" ? entries : entries.filter(({ source }) => source !== "default");
  return (
    <Card
      aside={
        <Segments
          label="Which fields"
          onChange={setShow}
          options={[
            { value: "all", word: `All ${entries.length}` },
            { value: "set", word: "Not default" },
          ]}
          value={show}
        />
      }
      title="Config"
    >
      {answer.error !== null && (
        <div className="p-5">
          <TroubleNote error={answer.error} retry={() => void answer.refetch()} />
        </div>
      )}
      {answer.isPending && <Loading label="Asking for the config" lines={6} table />}
      {answer.data && (
        <Table caption="Config of the hub" columns={columns}>
          {shown.map((entry) => (
            <EntryRow entry={entry} key={entry.field} />
          ))}
        </Table>
      )}
    </Card>
  );
}

function EntryRow({ entry }: { entry: ConfigEntry }) {
  const set = entry.source !== "default";
  return (
    <tr>
      <Cell>
        <code className="font-mono text-xs font-medium">{entry.field}</code>
        <span className="block max-w-md text-xs text-muted">{entry.comment}</span>
      </Cell>
      <Cell>
        <code className="font-mono text-xs wrap-anywhere">
          {entry.value.slice(0, 500) || "empty"}
        </code>
      </Cell>
      <Cell>
        {set ? (
          <Badge tone="accent">{entry.source}</Badge>
        ) : (
          <span className="text-xs text-muted">default</span>
        )}
      </Cell>
    </tr>
  );
}
