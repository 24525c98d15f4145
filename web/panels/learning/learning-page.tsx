import { useQuery } from "@connectrpc/connect-query";
import type { GetNetworkResponse } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { Badge } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import { Loading } from "../../parts/loading.tsx";
import { Empty, TroubleNote } from "../../parts/note.tsx";
import { PageHead } from "../../parts/page.tsx";
import { Ago } from "../../parts/time.tsx";
import { useAllTrust } from "./all-trust.ts";
import { ExplanationPanel } from "./explanation-panel.tsx";
import { healthLook } from "./health.ts";
import { HistoryCard, HistoryRoom } from "./history-card.tsx";
import { NetworkAside } from "./network-aside.tsx";
import { PriorityCard } from "./priority-card.tsx";
import { ResyncButton } from "./resync-button.tsx";
import { sortTrust } from "./score.ts";
import { TrustCard } from "./trust-card.tsx";
import { useTrustView } from "./view.ts";

/** How far each node is to be trusted, and on what that stands. */
export function LearningPage() {
  const answer = useQuery(LearningService.method.getNetwork, {});
  const [view, change] = useTrustView();
  const look = healthLook(answer.data?.cycle?.aggregate?.networkHealth);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHead aside={<ResyncButton />} title="Trust">
        {answer.data && (
          <Badge ground={look.ground} icon={look.icon} text={look.text}>
            {look.word}
          </Badge>
        )}
        {answer.data?.cycle && (
          <span className="text-sm text-muted">
            last cycle <Ago at={answer.data.cycle.endTime} />
          </span>
        )}
      </PageHead>
      <div className="flex min-h-0 flex-1">
        <div className="scrolls @container min-h-0 min-w-0 flex-1 p-5">
          <div className="flex max-w-[90rem] flex-col gap-5">
            {answer.error !== null && (
              <TroubleNote error={answer.error} retry={() => void answer.refetch()} />
            )}
            {answer.isPending && <Loading label="Asking how the network is" lines={8} />}
            {answer.data && <Network network={answer.data} />}
          </div>
        </div>
        {view.selected !== undefined && (
          <ExplanationPanel
            cycleId={view.cycle ?? ""}
            key={`${view.selected} ${view.cycle}`}
            node={view.selected}
            onClose={() => change({ selected: undefined, cycle: undefined })}
          />
        )}
      </div>
    </div>
  );
}

function Network({ network }: { network: GetNetworkResponse }) {
  const [view] = useTrustView();
  const list = useAllTrust({ wanted: network.cycle !== undefined });
  if (network.cycle === undefined) return <NoCycle />;
  const trust = list.data ?? [];
  const sorted = sortTrust(trust, view.sort.key, view.sort.descending);
  const lowest = sortTrust(trust, "score", false)[0];
  const chosen = trust.find(({ nodeId }) => nodeId === view.selected) ?? lowest;
  return (
    <div className="grid items-start gap-5 @4xl:grid-cols-[minmax(0,1fr)_18rem]">
      <div className="flex min-w-0 flex-col gap-5">
        {chosen && <HistoryCard key={chosen.nodeId} node={chosen} />}
        {list.isPending && (
          <Card title="Trust over time">
            <HistoryRoom />
          </Card>
        )}
        <TrustCard error={list.error} pending={list.isPending} trust={sorted} />
        <PriorityCard priorities={network.cycle.priorities} />
      </div>
      <NetworkAside cycle={network.cycle} network={network} />
    </div>
  );
}

function NoCycle() {
  return (
    <Card title="Trust">
      <Empty command="npx foedus learning run" icon="trust" title="No cycle has run yet">
        The first one runs by itself once nodes have told enough; Resync runs one now. Then scores,
        the network's median and what the nodes agree on appear here, each with the signed events it
        stands on.
      </Empty>
    </Card>
  );
}
