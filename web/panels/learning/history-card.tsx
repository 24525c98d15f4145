import { useQuery } from "@connectrpc/connect-query";
import type { NodeTrust } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import {
  type Keeping,
  LearningService,
} from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { keepPreviousData } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useState } from "react";
import { Card } from "../../parts/card.tsx";
import { Loading } from "../../parts/loading.tsx";
import { clip } from "../../parts/measure.ts";
import { TroubleNote } from "../../parts/note.tsx";
import { Segments } from "../../parts/segments.tsx";
import { Contributors } from "./contributors.tsx";
import { type HistoryPoint, historyOf, keptWords } from "./history.ts";
import { HistoryTable } from "./history-table.tsx";

/** The chart library comes with the first chart, and not before. */
const TrustChart = lazy(async () => {
  const { TrustChart: component } = await import("./trust-chart.tsx");
  return { default: component };
});

const pointsMax = 240;
const nameMax = 40;

/** One node's score beside the network's median, over time. */
export function HistoryCard({ node }: { node: NodeTrust }) {
  const [twin, setTwin] = useState<"chart" | "table">("chart");
  const answer = useQuery(
    LearningService.method.listTrustHistory,
    { node: node.nodeId, page: { size: pointsMax, token: "" } },
    { placeholderData: keepPreviousData },
  );
  const points = historyOf(answer.data?.points ?? []);
  return (
    <Card
      aside={
        <Segments
          label="Show the history as"
          onChange={setTwin}
          options={[
            { value: "chart", word: "Chart", icon: "trust" },
            { value: "table", word: "Table", icon: "table" },
          ]}
          value={twin}
        />
      }
      title={`Trust of ${clip(node.nodeName, nameMax)} over time`}
    >
      {answer.error !== null && (
        <div className="p-5">
          <TroubleNote error={answer.error} retry={() => void answer.refetch()} />
        </div>
      )}
      {answer.isPending && <HistoryRoom />}
      {points.length > 0 && <History name={node.nodeName} points={points} twin={twin} />}
      {points.length > 0 && <Kept kept={answer.data?.kept ?? []} />}
      {answer.data && points.length === 0 && (
        <p className="p-5 text-sm text-muted">No cycle has judged it yet.</p>
      )}
    </Card>
  );
}

/** Older points stand further apart: the hub thins them out. */
function Kept({ kept }: { kept: readonly Keeping[] }) {
  if (kept.length === 0) return null;
  return <p className="px-5 pb-5 text-xs text-muted">The hub keeps {keptWords(kept)}.</p>;
}

/** As high as a history with few contributors. */
export function HistoryRoom() {
  return (
    <div className="h-108">
      <ChartRoom label="Asking for the history" />
    </div>
  );
}

/** As high as the chart and its key: what comes moves nothing. */
function ChartRoom({ label }: { label: string }) {
  return (
    <div className="h-75 overflow-hidden">
      <Loading label={label} lines={11} />
    </div>
  );
}

interface HistoryProps {
  readonly name: string;
  readonly points: readonly HistoryPoint[];
  readonly twin: "chart" | "table";
}

function History({ name, points, twin }: HistoryProps) {
  const [chosen, setChosen] = useState<string>();
  const newest = points.at(-1);
  const newestId = newest?.cycleId;
  // Who looks at the newest sees the next one as it comes.
  const choose = useCallback(
    (cycleId: string) => setChosen(cycleId === newestId ? undefined : cycleId),
    [newestId],
  );
  const point = points.find(({ cycleId }) => cycleId === chosen) ?? newest;
  return (
    <>
      {twin === "chart" ? (
        <Suspense fallback={<ChartRoom label="Opening the chart" />}>
          <TrustChart name={name} onPoint={choose} points={points} />
        </Suspense>
      ) : (
        <HistoryTable chosen={point?.cycleId} name={name} onPoint={choose} points={points} />
      )}
      {point && (
        <Contributors
          name={name}
          newest={point === newest}
          onNewest={() => setChosen(undefined)}
          point={point}
        />
      )}
    </>
  );
}
