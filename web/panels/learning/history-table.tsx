import { localTime } from "../../parts/clock.ts";
import { Cell, type Column, Table } from "../../parts/table.tsx";
import type { HistoryPoint } from "./history.ts";
import { besideMedian } from "./history.ts";
import { scoreText } from "./score.ts";

const columns: readonly Column[] = [
  { key: "cycle", title: "Cycle ended" },
  { key: "score", title: "Score", right: true },
  { key: "median", title: "Median", right: true },
  { key: "robust", title: "Robust mean", right: true },
  { key: "beside", title: "Beside the median" },
];

interface HistoryTableProps {
  readonly name: string;
  readonly points: readonly HistoryPoint[];
  readonly chosen: string | undefined;
  readonly onPoint: (cycleId: string) => void;
}

/** The twin of the chart, newest first: a row shows who contributed. */
export function HistoryTable({ name, points, chosen, onPoint }: HistoryTableProps) {
  return (
    <div className="scrolls max-h-72">
      <Table caption={`Trust of ${name} over time, newest first`} columns={columns}>
        {points.toReversed().map((point) => (
          <tr
            className={`relative ${point.cycleId === chosen ? "bg-accent-ground" : "hover:bg-sunken"}`}
            key={point.cycleId}
          >
            <Cell>
              <button
                aria-pressed={point.cycleId === chosen}
                className="figures text-accent after:absolute after:inset-0"
                onClick={() => onPoint(point.cycleId)}
                type="button"
              >
                {localTime(point.endMs, "full")}
              </button>
            </Cell>
            <Cell right>{scoreText(point.score ?? undefined)}</Cell>
            <Cell right>{scoreText(point.median ?? undefined)}</Cell>
            <Cell right>{scoreText(point.robustMean ?? undefined)}</Cell>
            <Cell>
              <span className="text-muted">{besideMedian(point)}</span>
            </Cell>
          </tr>
        ))}
      </Table>
    </div>
  );
}
