import { useQuery } from "@connectrpc/connect-query";
import { RuleKind } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { Badge } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import { Loading } from "../../parts/loading.tsx";
import { countText } from "../../parts/measure.ts";
import { TroubleNote } from "../../parts/note.tsx";
import { PageBody, PageHead } from "../../parts/page.tsx";
import { modeLook } from "./mode.ts";
import { ModeCard } from "./mode-card.tsx";
import { QuarantineCard } from "./quarantine-card.tsx";
import { QueueCard } from "./queue-card.tsx";
import { RulesCard } from "./rules-card.tsx";

/** Who may join, who waits, and who was cut off. */
export function AccessPage() {
  const answer = useQuery(AccessService.method.getAccess, {});
  const { settings, waiting = 0 } = answer.data ?? {};
  const look = modeLook(settings?.mode);
  return (
    <>
      <PageHead title="Access">
        {look && (
          <Badge icon={look.icon} tone="accent">
            {look.word}
          </Badge>
        )}
        {waiting > 0 && (
          <Badge icon="wait" tone="degraded">
            {countText(waiting)} {waiting === 1 ? "waits" : "wait"} for a decision
          </Badge>
        )}
      </PageHead>
      <PageBody>
        {answer.error !== null && (
          <TroubleNote error={answer.error} retry={() => void answer.refetch()} />
        )}
        {answer.isPending && (
          <Card title="How newcomers are admitted">
            <Loading label="Asking how newcomers are admitted" lines={4} />
          </Card>
        )}
        {settings && <ModeCard settings={settings} />}
        <QueueCard />
        <QuarantineCard />
        <div className="grid items-start gap-5 xl:grid-cols-2">
          <RulesCard kind={RuleKind.BLOCK} />
          <RulesCard kind={RuleKind.ALLOW} />
        </div>
      </PageBody>
    </>
  );
}
