import { useQuery } from "@connectrpc/connect-query";
import type { LimitUsage } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { Badge } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Loading } from "../../parts/loading.tsx";
import { Name, Words } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { Cell, type Column, Table } from "../../parts/table.tsx";
import { partOf, usageText } from "./usage.ts";

const columns: readonly Column[] = [
  { key: "name", title: "Limit" },
  { key: "subject", title: "Whose" },
  { key: "part", title: "Used" },
  { key: "used", title: "In figures", right: true },
];
const againMs = 15_000;
const rowsMax = 100;
const hundred = 100;

/** How much of each limit is used, and where it grows tight. */
export function UsageCard() {
  const answer = useQuery(HubService.method.getUsage, {}, { refetchInterval: againMs });
  const limits = answer.data?.limits ?? [];
  const tight = limits.filter(({ warning }) => warning).length;
  return (
    <Card aside={answer.data && <Tightness tight={tight} />} title="Limits and usage">
      {answer.error !== null && (
        <div className="p-5">
          <TroubleNote error={answer.error} retry={() => void answer.refetch()} />
        </div>
      )}
      {answer.isPending && <Loading label="Asking what is used" lines={4} />}
      {answer.data && (
        <Table caption="Usage of the limits, warnings first" columns={columns}>
          {limits.slice(0, rowsMax).map((usage) => (
            <UsageRow key={`${usage.name} ${usage.subject}`} usage={usage} />
          ))}
        </Table>
      )}
    </Card>
  );
}

function Tightness({ tight }: { tight: number }) {
  if (tight === 0) {
    return (
      <Badge ground="bg-online-ground" icon="online" text="text-online">
        Room everywhere
      </Badge>
    );
  }
  return (
    <Badge ground="bg-degraded-ground" icon="warning" text="text-degraded">
      {tight} {tight === 1 ? "limit grows" : "limits grow"} tight
    </Badge>
  );
}

function UsageRow({ usage }: { usage: LimitUsage }) {
  const part = partOf(usage);
  return (
    <tr>
      <Cell>
        <code className="font-mono text-xs font-medium">{usage.name}</code>
        {usage.warning && (
          <span className="flex max-w-md items-start gap-1.5 pb-1.5 text-xs text-degraded">
            <span className="mt-0.5">
              <Icon name="warning" size={12} />
            </span>
            <Words text={usage.advice || "Four fifths of it are used."} />
          </span>
        )}
      </Cell>
      <Cell>
        <Name
          className="max-w-64 font-mono text-2xs text-muted"
          text={usage.subject || "the hub"}
        />
      </Cell>
      <Cell>
        {part === undefined ? (
          <span className="text-xs text-muted">no limit</span>
        ) : (
          <span className="flex w-40 items-center gap-2">
            <span aria-hidden="true" className="h-1.5 flex-1 overflow-hidden rounded-full bg-line">
              <span
                className={`block h-full rounded-full ${usage.warning ? "bg-degraded" : "bg-accent"}`}
                style={{ width: `${part * hundred}%` }}
              />
            </span>
            <span className="figures w-10 text-right text-xs">{Math.round(part * hundred)} %</span>
          </span>
        )}
      </Cell>
      <Cell right>
        <span className="whitespace-nowrap">{usageText(usage)}</span>
      </Cell>
    </tr>
  );
}
