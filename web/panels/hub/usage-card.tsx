import { useQuery } from "@connectrpc/connect-query";
import type { LimitUsage } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { useState } from "react";
import { Badge } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import { Loading } from "../../parts/loading.tsx";
import { countText } from "../../parts/measure.ts";
import { TroubleNote } from "../../parts/note.tsx";
import { Segments } from "../../parts/segments.tsx";
import { UsageTable } from "./usage-table.tsx";
import { groupsOf } from "./usage.ts";

const againMs = 15_000;

/** How much of each limit is used, and where it grows tight. */
export function UsageCard() {
  const answer = useQuery(HubService.method.getUsage, {}, { refetchInterval: againMs });
  const [show, setShow] = useState<"tightest" | "all">("tightest");
  const limits = answer.data?.limits ?? [];
  const groups =
    show === "tightest" ? groupsOf(limits) : limits.map((tightest) => ({ tightest, others: 0 }));
  return (
    <Card
      aside={
        answer.data && (
          <span className="flex flex-wrap items-center gap-3">
            <Tightness limits={limits} />
            <Segments
              label="Whose usage"
              onChange={setShow}
              options={[
                { value: "tightest", word: "Tightest of each" },
                { value: "all", word: `All ${countText(limits.length)}` },
              ]}
              value={show}
            />
          </span>
        )
      }
      title="Limits and usage"
    >
      {answer.error !== null && (
        <div className="p-5">
          <TroubleNote error={answer.error} retry={() => void answer.refetch()} />
        </div>
      )}
      {answer.isPending && <Loading label="Asking what is used" lines={4} table />}
      {answer.data && <UsageTable groups={groups} key={show} />}
    </Card>
  );
}

function Tightness({ limits }: { limits: readonly LimitUsage[] }) {
  const tight = limits.filter(({ warning }) => warning).length;
  if (tight === 0) {
    return (
      <Badge icon="online" tone="online">
        Room everywhere
      </Badge>
    );
  }
  return (
    <Badge icon="warning" tone="degraded">
      {tight} {tight === 1 ? "limit grows" : "limits grow"} tight
    </Badge>
  );
}
