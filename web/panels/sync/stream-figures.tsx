import { KeyFigure, KeyFigures, Spark } from "../../parts/key-figure.tsx";
import { countText } from "../../parts/measure.ts";
import { lateMs, noLag, waitText, worse } from "./lag.ts";
import type { StreamRow } from "./streams.ts";
import { isLively, worstTrace } from "./trace.ts";

/** All streams at a glance, over the table that has them one by one. */
export function StreamFigures({ rows }: { rows: readonly StreamRow[] }) {
  const worst = rows.map(({ lag }) => lag).reduce(worse, noLag);
  const conflicts = sum(rows, ({ status }) => status.conflicts);
  const refused = sum(
    rows,
    ({ status }) => status.followers.filter(({ refusal }) => refusal).length,
  );
  const isLate = worst.ms > lateMs;
  return (
    <div className="border-b border-line">
      <KeyFigures>
        <KeyFigure name="Streams" value={countText(rows.length)} />
        <KeyFigure
          beside={<WorstSpark rows={rows} />}
          icon={isLate ? "degraded" : "sync"}
          name="Longest wait"
          tone={isLate ? "text-degraded" : worst.ops === 0 ? "text-muted" : "text-ink"}
          value={worst.ops === 0 ? "none" : waitText(worst.ms)}
        />
        <KeyFigure
          icon="warning"
          name="Fields in conflict"
          tone={conflicts > 0 ? "text-degraded" : "text-muted"}
          value={countText(conflicts)}
        />
        <KeyFigure
          icon="block"
          name="Followers refused"
          tone={refused > 0 ? "text-offline" : "text-muted"}
          value={countText(refused)}
        />
      </KeyFigures>
    </div>
  );
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
