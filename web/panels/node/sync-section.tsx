import { Link } from "@tanstack/react-router";
import { Badge } from "../../parts/badge.tsx";
import { FactRow, Facts } from "../../parts/card.tsx";
import { countText, unknown } from "../../parts/measure.ts";
import { useNow } from "../../parts/now.ts";
import { Section } from "../../parts/section.tsx";
import { useLags } from "../sync/lag-store.ts";
import { type NodeLag, syncText } from "../sync/lags.ts";

/** How far a node is behind in what it follows; nothing where it follows nothing. */
export function SyncSection({ id, name }: { id: string; name: string }) {
  const lag = useLags().byNode.get(id);
  if (lag === undefined) return null;
  const { streams, refused } = lag;
  return (
    <Section title="Sync">
      <Facts>
        <FactRow name="Its copies">
          <SyncWords id={id} lag={lag} />
        </FactRow>
        <FactRow name="Follows">
          <Link
            className="text-accent underline decoration-line-strong underline-offset-4"
            search={{ q: name }}
            to="/sync"
          >
            {countText(streams)} {streams === 1 ? "stream" : "streams"}
          </Link>
          {refused > 0 && <span className="text-offline">, {countText(refused)} refused</span>}
        </FactRow>
      </Facts>
    </Section>
  );
}

/** The same for the two ends of a tie. */
export function TieSync({ ends }: { ends: readonly (readonly [id: string, name: string])[] }) {
  const { byNode } = useLags();
  const known = ends.flatMap(([id, name]) => {
    const lag = byNode.get(id);
    return lag === undefined ? [] : [{ id, name, lag }];
  });
  if (known.length === 0) return null;
  return (
    <Section title="Sync at its ends">
      <Facts>
        {known.map(({ id, name, lag }) => (
          <FactRow key={id} name={name.slice(0, 40)}>
            <SyncWords id={id} lag={lag} />
          </FactRow>
        ))}
      </Facts>
    </Section>
  );
}

function SyncWords({ id, lag }: { id: string; lag: NodeLag }) {
  const isLate = useLags().late.has(id);
  const words = syncText(lag, useNow())?.replace("sync ", "");
  if (words === undefined) {
    return (
      <Badge icon="online" quiet tone="online">
        up to date
      </Badge>
    );
  }
  return (
    <Badge icon={isLate ? "degraded" : "sync"} quiet tone={isLate ? "degraded" : "accent"}>
      <span className="figures">{lag.connected ? words : `away, ${words || unknown}`}</span>
    </Badge>
  );
}
