import { useQuery } from "@connectrpc/connect-query";
import type { HubStatus } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { Badge } from "../../parts/badge.tsx";
import { Card, FactRow, Facts } from "../../parts/card.tsx";
import { CopyButton } from "../../parts/copy.tsx";
import { Loading } from "../../parts/loading.tsx";
import { unknown } from "../../parts/measure.ts";
import { TroubleNote } from "../../parts/note.tsx";
import { PageBody, PageHead } from "../../parts/page.tsx";
import { Since } from "../../parts/time.tsx";
import { CapabilityCard } from "./capability-card.tsx";
import { ConfigCard } from "./config-card.tsx";
import { HealthCard } from "./health-card.tsx";
import { ProcessCard } from "./process-card.tsx";
import { UpgradeCard } from "./upgrade-card.tsx";
import { UsageCard } from "./usage-card.tsx";

/** The status has no stream; it is asked again while somebody looks. */
const againMs = 10_000;
/** So many rows come, give or take one. */
const capabilitiesUsual = 9;

/** How the hub itself is. */
export function HubPage() {
  const answer = useQuery(HubService.method.getStatus, {}, { refetchInterval: againMs });
  const status = answer.data?.status;
  return (
    <>
      <PageHead title="Hub">{status && <Standing status={status} />}</PageHead>
      <PageBody>
        <HealthCard />
        {answer.error !== null && (
          <TroubleNote error={answer.error} retry={() => void answer.refetch()} />
        )}
        {answer.isPending && (
          <Card title="Capabilities">
            <Loading label="Asking the hub how it is" lines={capabilitiesUsual} table />
          </Card>
        )}
        {status && (
          <div className="grid items-start gap-5 xl:grid-cols-2">
            <CapabilityCard capabilities={status.capabilities} />
            <Addresses status={status} />
          </div>
        )}
        {status && status.processes.length > 0 && <ProcessCard processes={status.processes} />}
        <UsageCard />
        <UpgradeCard />
        <ConfigCard />
      </PageBody>
    </>
  );
}

function Standing({ status }: { status: HubStatus }) {
  return (
    <>
      {status.draining ? (
        <Badge icon="degraded" tone="degraded">
          Stopping
        </Badge>
      ) : (
        <Badge icon="online" tone="online">
          Serving
        </Badge>
      )}
      <span className="text-sm text-muted">
        version {status.version || unknown}, <Since at={status.startTime} lead="up for" />
      </span>
    </>
  );
}

function Addresses({ status }: { status: HubStatus }) {
  const rows = [
    ["Invitation", status.invitation],
    ["Node listener", status.nodeAddress],
    ["Join listener", status.joinAddress],
    ["Page", status.webAddress],
    ["SPIFFE id", status.spiffeId],
    ["Trust domain", status.trustDomain],
  ] as const;
  return (
    <Card title="Addresses">
      <div className="px-5 py-2">
        <Facts>
          {rows.map(([name, value]) => (
            <FactRow
              aside={value && <CopyButton label="Copy" text={value} />}
              key={name}
              name={name}
            >
              <code className="font-mono text-xs break-all">{value || unknown}</code>
            </FactRow>
          ))}
          <FactRow name="Database">
            {status.database === "bundled"
              ? "PostgreSQL, bundled with the hub"
              : `PostgreSQL, ${status.database || unknown}`}
          </FactRow>
        </Facts>
      </div>
    </Card>
  );
}
