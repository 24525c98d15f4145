import {
  type Health,
  Health_Status as Status,
  HealthSchema,
  PresenceSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { Facts } from "../../parts/card.tsx";
import { messageOf } from "../../parts/fact.ts";
import { unknown } from "../../parts/measure.ts";
import { Figure, NotTold, Section } from "../../parts/section.tsx";
import { latestOf, type Latest } from "./latest.ts";

const listedMax = 6;

/** How the instance says it is, and what it offers. */
export function HealthSection({ latest, source }: { latest: Latest; source: string }) {
  const healthFact = latestOf(latest, source, "hub.health");
  const presenceFact = latestOf(latest, source, "hub.presence");
  const health = messageOf(healthFact, HealthSchema);
  const presence = messageOf(presenceFact, PresenceSchema);
  const packages = presence?.packages.map(({ name }) => name) ?? [];
  return (
    <Section fact={presenceFact ?? healthFact} title="Presence and health">
      {health === undefined && presence === undefined && <NotTold what="presence" />}
      <Facts>
        {health && healthFact && (
          <Figure fact={healthFact} name="Health" value={healthText(health)} />
        )}
        {presence && presenceFact && (
          <>
            <Figure fact={presenceFact} name="Version" value={presence.version || unknown} />
            <Figure fact={presenceFact} name="Provides" value={listText(packages)} />
            <Figure fact={presenceFact} name="Offers" value={listText(presence.capabilities)} />
          </>
        )}
      </Facts>
    </Section>
  );
}

function healthText({ status, degradedReasons }: Health): string {
  if (status === Status.HEALTHY) return "healthy";
  if (status === Status.UNSPECIFIED) return unknown;
  return ["degraded", ...degradedReasons.slice(0, listedMax)].join(": ");
}

function listText(list: readonly string[]): string {
  if (list.length === 0) return "nothing";
  const rest = list.length - listedMax;
  const shown = list.slice(0, listedMax).join(", ");
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}
