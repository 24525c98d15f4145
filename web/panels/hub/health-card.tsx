import { useQuery } from "@connectrpc/connect-query";
import type { FederationHealth } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { Link } from "@tanstack/react-router";
import { Badge } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { Loading } from "../../parts/loading.tsx";
import { clip, countText } from "../../parts/measure.ts";
import { Words } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { Ago } from "../../parts/time.tsx";

const againMs = 15_000;
const reasonsMax = 12;

const looks: Readonly<Record<string, { icon: IconName; text: string; ground: string }>> = {
  healthy: { icon: "online", text: "text-online", ground: "bg-online-ground" },
  degraded: { icon: "degraded", text: "text-degraded", ground: "bg-degraded-ground" },
  critical: { icon: "offline", text: "text-offline", ground: "bg-offline-ground" },
};
const unknownLook = {
  icon: "retired",
  text: "text-retired",
  ground: "bg-retired-ground",
} as const;

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
            <Badge ground={look.ground} icon={look.icon} text={look.text}>
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
    <div className="p-5">
      <Counts health={health} />
      {health.reasons.length === 0 && health.failing.length === 0 ? (
        <p className="mt-4 text-sm text-muted">Nothing speaks against it.</p>
      ) : (
        <ul className="mt-4 flex flex-col gap-1.5 text-sm">
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
  );
}

function Counts({ health }: { health: FederationHealth }) {
  const { online, degraded, offline, maintenance, quarantined, waiting } = health;
  return (
    <dl className="grid grid-cols-3 gap-3 sm:grid-cols-6">
      <Count count={online} icon="online" name="Online" text="text-online" />
      <Count count={degraded} icon="degraded" name="Degraded" text="text-degraded" />
      <Count count={offline} icon="offline" name="Offline" text="text-offline" />
      <Count count={maintenance} icon="maintenance" name="Maintenance" text="text-maintenance" />
      <Count count={quarantined} icon="block" name="Quarantined" text="text-offline" to="/access" />
      <Count count={waiting} icon="wait" name="Waiting" text="text-degraded" to="/access" />
    </dl>
  );
}

interface CountProps {
  readonly name: string;
  readonly count: number;
  readonly icon: IconName;
  readonly text: string;
  readonly to?: "/access";
}

/** A zero is calm; anything else has the colour of what it counts. */
function Count({ name, count, icon, text, to }: CountProps) {
  return (
    <div className="flex flex-col-reverse rounded-lg bg-sunken px-3 py-2">
      <dt className="truncate text-xs text-muted">
        {to === undefined ? (
          name
        ) : (
          <Link className="underline" to={to}>
            {name}
          </Link>
        )}
      </dt>
      <dd
        className={`figures flex items-center gap-1.5 text-lg font-semibold ${count === 0 ? "text-muted" : text}`}
      >
        <Icon name={icon} size={15} />
        {countText(count)}
      </dd>
    </div>
  );
}
