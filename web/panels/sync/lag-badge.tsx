import { Badge } from "../../parts/badge.tsx";
import { useNow } from "../../parts/now.ts";
import { lagLook, lagNow } from "./lag.ts";
import { type Lag, lagText } from "./lag-text.ts";

interface LagBadgeProps {
  readonly lag: Lag;
  /** When it was told, by the hub's clock. */
  readonly toldMs: number;
  /** Whether the hub would tell if it changed; else it stays as it was told. */
  readonly isLive: boolean;
}

/** How far somebody is behind; it grows while nobody tells otherwise. */
export function LagBadge({ lag, toldMs, isLive }: LagBadgeProps) {
  if (lag.ops === 0 || !isLive) return <Told lag={lag} />;
  return <Growing lag={lag} toldMs={toldMs} />;
}

function Growing({ lag, toldMs }: { lag: Lag; toldMs: number }) {
  return <Told lag={lagNow(lag, useNow() - toldMs)} />;
}

function Told({ lag }: { lag: Lag }) {
  const { icon, tone } = lagLook(lag);
  return (
    <Badge icon={icon} quiet {...(tone && { tone })}>
      <span className="figures font-normal">
        {lag.connected ? lagText(lag) : `away, ${lagText(lag)}`}
      </span>
    </Badge>
  );
}
