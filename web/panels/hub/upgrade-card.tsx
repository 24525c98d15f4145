import { useQuery } from "@connectrpc/connect-query";
import type { UpgradeCheck } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Loading } from "../../parts/loading.tsx";
import { Words } from "../../parts/name.tsx";
import { Closed, TroubleNote } from "../../parts/note.tsx";
import { useMay } from "../../shell/session.tsx";

/** Whether this hub could be upgraded or taken back, and what stands in the way. */
export function UpgradeCard() {
  const may = useMay(HubService.method.checkUpgrade);
  if (!may.allowed) {
    return (
      <Card
        aside={
          <Button icon="again" refusal={may.why} small tone="quiet">
            Check again
          </Button>
        }
        title="Upgrade"
      >
        <Closed why={may.why} />
      </Card>
    );
  }
  return <Checks />;
}

function Checks() {
  const answer = useQuery(HubService.method.checkUpgrade, {});
  const checks = answer.data?.checks ?? [];
  return (
    <Card
      aside={
        <Button
          busy={answer.isFetching}
          icon="again"
          onClick={() => void answer.refetch()}
          small
          tone="quiet"
        >
          Check again
        </Button>
      }
      title="Upgrade"
    >
      {answer.error !== null && (
        <div className="p-5">
          <TroubleNote error={answer.error} retry={() => void answer.refetch()} />
        </div>
      )}
      {answer.isPending && <Loading label="Checking" />}
      {answer.data && (
        <ul className="divide-y divide-line px-5">
          {checks.map((check) => (
            <CheckRow check={check} key={check.name} />
          ))}
          {checks.length === 0 && (
            <li className="py-4 text-sm text-muted">Nothing was looked at.</li>
          )}
        </ul>
      )}
    </Card>
  );
}

function CheckRow({ check }: { check: UpgradeCheck }) {
  return (
    <li className="flex gap-3 py-3 text-sm">
      <span className={`mt-0.5 ${check.ok ? "text-online" : "text-offline"}`}>
        <Icon name={check.ok ? "online" : "offline"} />
      </span>
      <div className="min-w-0">
        <p className="font-medium">
          {check.name}
          <span className={`ml-2 text-xs font-medium ${check.ok ? "text-online" : "text-offline"}`}>
            {check.ok ? "fine" : "in the way"}
          </span>
        </p>
        <Words className="text-muted" text={check.detail} />
        {check.fix && <Words className="mt-0.5" text={`What to do: ${check.fix}`} />}
      </div>
    </li>
  );
}
