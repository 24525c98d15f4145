import type { Cycle, NodeTrust } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import type { GetNetworkResponse } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import type { ReactNode } from "react";
import { Badge } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import { EvidenceFigure, EvidenceLink } from "../../parts/evidence.tsx";
import { Icon } from "../../parts/icon.tsx";
import { countText, unknown } from "../../parts/measure.ts";
import { Name, Words } from "../../parts/name.tsx";
import { spanText } from "../../parts/span.ts";
import { Ago } from "../../parts/time.tsx";
import { healthLook } from "./health.ts";
import { latencyText, scoreText } from "./score.ts";
import { useTrustView } from "./view.ts";

interface NetworkAsideProps {
  readonly network: GetNetworkResponse;
  readonly cycle: Cycle;
}

const group = "flex flex-col divide-y divide-line px-5 text-sm";

/** The network in figures, and the signed event they stand on. */
export function NetworkAside({ network, cycle }: NetworkAsideProps) {
  const { evidenceCursor } = network;
  return (
    <Card
      aside={evidenceCursor > 0n && <EvidenceLink cursor={evidenceCursor} what="the network" />}
      title="The network"
    >
      <Standing cycle={cycle} network={network} />
      <Statistics cursor={evidenceCursor} cycle={cycle} />
      <dl className={group}>
        <Metric name="Last cycle">
          <Ago at={cycle.endTime} />
          <span className="block text-xs text-muted">
            took {latencyText(cycle.tookMs)},{" "}
            {cycle.askedBy === "" ? "by the clock" : cycle.askedBy}
            {network.nextMs > 0n && `, next in ${spanText(Number(network.nextMs))}`}
          </span>
        </Metric>
      </dl>
      {cycle.summary && (
        <div className="border-t border-line px-5 py-3">
          <Words className="text-sm text-muted" text={cycle.summary} />
        </div>
      )}
    </Card>
  );
}

/** How the network does, and who stands out. */
function Standing({ network, cycle: { aggregate } }: NetworkAsideProps) {
  const { mostReliable, slowestLink } = network;
  const look = healthLook(aggregate?.networkHealth);
  return (
    <dl className={group}>
      <Metric name="Health">
        <Badge ground={look.ground} icon={look.icon} text={look.text}>
          {look.word}
        </Badge>
        <span className="mt-1 block text-xs text-muted">{look.because}</span>
      </Metric>
      <Metric name="Participants">
        <span className="text-lg font-semibold">
          <EvidenceFigure cursor={network.evidenceCursor} what="the participants">
            {countText(aggregate?.participants)}
          </EvidenceFigure>
        </span>
        <span className="text-xs text-muted"> scored, {countText(aggregate?.unknown)} unknown</span>
      </Metric>
      <Metric name="Most reliable">
        <Ranked trust={mostReliable} value={scoreText(mostReliable?.score)} />
      </Metric>
      <Metric name="Slowest link">
        <Ranked trust={slowestLink} value={latencyText(slowestLink?.latencyMs)} />
      </Metric>
    </dl>
  );
}

function Metric({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="py-3">
      <dt className="mb-0.5 text-xs text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

function Ranked({ trust, value }: { trust: NodeTrust | undefined; value: string }) {
  const [, change] = useTrustView();
  if (trust === undefined) return <span className="text-muted">{unknown}</span>;
  return (
    <span className="flex items-baseline justify-between gap-3">
      <button
        className="min-w-0 font-medium text-accent hover:underline"
        onClick={() => change({ selected: trust.nodeId, cycle: undefined })}
        type="button"
      >
        <Name text={trust.nodeName} />
      </button>
      <span className="figures whitespace-nowrap">{value}</span>
    </span>
  );
}

function Statistics({ cycle, cursor }: { cycle: Cycle; cursor: bigint }) {
  const { aggregate } = cycle;
  const rows = [
    ["Median", scoreText(aggregate?.medianTrust)],
    ["Robust mean", scoreText(aggregate?.robustMean)],
    ["Mean", scoreText(aggregate?.averageTrust)],
    ["Deviation", scoreText(aggregate?.trustStdDeviation)],
    ["Mean latency", latencyText(aggregate?.averageLatencyMs)],
  ] as const;
  return (
    <dl className="flex flex-col gap-1 border-y border-line px-5 py-3 text-sm">
      {rows.map(([name, value]) => (
        <div className="flex justify-between gap-3" key={name}>
          <dt className="text-muted">{name}</dt>
          <dd>
            <EvidenceFigure cursor={cursor} what={`the ${name.toLowerCase()}`}>
              {value}
            </EvidenceFigure>
          </dd>
        </div>
      ))}
      <LatencyTrend trend={aggregate?.latencyTrendMs} />
    </dl>
  );
}

/** Longer is worse, which an arrow alone would not tell. */
function LatencyTrend({ trend }: { trend: number | undefined }) {
  if (trend === undefined) return null;
  const slower = trend > 0;
  return (
    <div className="flex justify-between gap-3">
      <dt className="text-muted">Trend</dt>
      <dd className="figures inline-flex items-center gap-1">
        <Icon name={slower ? "up" : "down"} size={12} />
        {latencyText(Math.abs(trend))} {slower ? "slower" : "faster"}
      </dd>
    </div>
  );
}
