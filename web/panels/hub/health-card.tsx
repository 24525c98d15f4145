import { useQuery } from "@connectrpc/connect-query";
import type { FederationHealth } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { Link } from "@tanstack/react-router";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { KeyFigure, KeyFigures } from "../../parts/key-figure.tsx";
import { Loading } from "../../parts/loading.tsx";
import { clip, countText } from "../../parts/measure.ts";
import { Words } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { Ago } from "../../parts/time.tsx";

const againMs = 15_000;
const reasonsMax = 12;

const looks: Readonly<Record<string, { icon: IconName; tone: Tone }>> = {
  healthy: { icon: "online", tone: "online" },
  degraded: { icon: "degraded", tone: "degraded" },
  critical: { icon: "offline", tone: "offline" },
};
const unknownLook = { icon: "retired", tone: "retired" } as const;

/** How the whole federation is, and why. */
export function HealthCard() {
  const answer = useQuery(HubService.method.getFederationHealth, {}, { refetchInterval: againMs });
  const health = answer.data?.health;
  const look = looks[health?.status ?? ""] ?? unknownLook;
  return (
    <Card
      aside={
        health && (
          <span className="flex items-center gap-3 text-xs text-muted">
            <span>
              as of <Ago at={health.asOfTime} />
            </span>
            <Badge icon={look.icon} tone={look.tone}>
              <span className="first-letter:uppercase">{clip(health.status, 40) || "unknown"}</span>
            </Badge>
          </span>
        )
      }
      title="The federation"
    >
      {answer.error !== null && (
        <div className="p-5">
          <TroubleNote error={answer.error} retry={() => void answer.refetch()} />
        </div>
      )}
      {answer.isPending && <Loading label="Asking how the federation is" />}
      {health && <Health health={health} />}
    </Card>
  );
}

function Health({ health }: { health: FederationHealth }) {
  return (
    <>
      <Counts health={health} />
      <div className="border-t border-line px-5 py-3">
        {health.reasons.length === 0 && health.failing.length === 0 ? (
          <p className="text-sm text-muted">Nothing speaks against it.</p>
        ) : (
          <ul className="flex flex-col gap-1.5 text-sm">
            {health.reasons.slice(0, reasonsMax).map((reason) => (
              <li className="flex gap-2" key={reason}>
                <span className="mt-0.5 text-degraded">
                  <Icon name="warning" size={14} />
                </span>
                <Words text={reason} />
              </li>
            ))}
          </ul>
        )}
        {health.failing.length > 0 && (
          <p className="mt-2 text-sm text-muted">
            Capabilities that do not serve: {health.failing.slice(0, reasonsMax).join(", ")}
          </p>
        )}
      </div>
    </>
  );
}

function Counts({ health }: { health: FederationHealth }) {
  const { online, degraded, offline, maintenance, quarantined, waiting } = health;
  return (
    <KeyFigures>
      <Count count={online} icon="online" name="Online" tone="text-online" />
      <Count count={degraded} icon="degraded" name="Degraded" tone="text-degraded" />
      <Count count={offline} icon="offline" name="Offline" tone="text-offline" />
      <Count count={maintenance} icon="maintenance" name="Maintenance" tone="text-maintenance" />
      <Count count={quarantined} icon="block" name="Quarantined" to="/access" tone="text-offline" />
      <Count count={waiting} icon="wait" name="Waiting" to="/access" tone="text-degraded" />
    </KeyFigures>
  );
}

interface CountProps {
  readonly name: string;
  readonly count: number;
  readonly icon: IconName;
  readonly tone: string;
  readonly to?: "/access";
}

/** A zero is calm; anything else has the colour of what it counts. */
function Count({ name, count, icon, tone, to }: CountProps) {
  return (
    <KeyFigure
      icon={icon}
      name={
        to === undefined ? (
          name
        ) : (
          <Link className="underline" to={to}>
            {name}
          </Link>
        )
      }
      tone={count === 0 ? "text-muted" : tone}
      value={countText(count)}
    />
  );
}
