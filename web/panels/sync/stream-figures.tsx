import { AlarmFigure, KeyFigure, KeyFigures, Spark } from "../../parts/key-figure.tsx";
import { countText } from "../../parts/measure.ts";
import { useNow } from "../../parts/now.ts";
import { lagNow, noLag, worse } from "./lag.ts";
import { type Lag, lateMs, waitText } from "./lag-text.ts";
import type { StreamRow } from "./streams.ts";
import { isLively, worstTrace } from "./trace.ts";

interface StreamFiguresProps {
  readonly rows: readonly StreamRow[];
  /** Whether the hub would tell if a wait ended; else it stays as it was told. */
  readonly isLive: boolean;
}

/** All streams at a glance, over the table that has them one by one. */
export function StreamFigures({ rows, isLive }: StreamFiguresProps) {
  const worst = useWorst(rows, isLive);
  const conflicts = sum(rows, ({ status }) => status.conflicts);
  const refused = sum(
    rows,
    ({ status }) => status.followers.filter(({ refusal }) => refusal).length,
  );
  const isLate = worst.ms > lateMs;
  return (
    <KeyFigures strip>
      <KeyFigure name="Streams" value={countText(rows.length)} />
      <KeyFigure
        beside={<WorstSpark rows={rows} />}
        icon={isLate ? "degraded" : "sync"}
        name="Longest wait"
        tone={isLate ? "text-degraded" : worst.ops === 0 ? "text-muted" : "text-ink"}
        value={worst.ops === 0 ? "none" : waitText(worst.ms)}
      />
      <AlarmFigure
        count={conflicts}
        icon="warning"
        name="Fields in conflict"
        tone="text-degraded"
      />
      <AlarmFigure count={refused} icon="block" name="Followers refused" tone="text-offline" />
    </KeyFigures>
  );
}

function useWorst(rows: readonly StreamRow[], isLive: boolean): Lag {
  const nowMs = useNow();
  return rows
    .filter(({ lag }) => lag.connected)
    .map(({ lag, toldMs }) => (isLive ? lagNow(lag, nowMs - toldMs) : lag))
    .reduce(worse, noLag);
}

function WorstSpark({ rows }: { rows: readonly StreamRow[] }) {
  const traces = rows.map(({ trace }) => trace).filter(isLively);
  if (traces.length === 0) return null;
  return (
    <Spark say={waitText} values={worstTrace(traces)} what="Longest wait, last five minutes" />
  );
}

function sum(rows: readonly StreamRow[], of: (row: StreamRow) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}
