import {
  type TelemetrySync,
  TelemetrySyncSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { Facts } from "../../parts/card.tsx";
import { messageOf } from "../../parts/fact.ts";
import { bytesText, countText, unknown } from "../../parts/measure.ts";
import { Figure, NotTold, Section } from "../../parts/section.tsx";
import { sinceText } from "../../parts/span.ts";
import { latestOf, type Latest } from "./latest.ts";

/** A node's own picture of itself. */
export function TelemetrySection({ latest, source }: { latest: Latest; source: string }) {
  const fact = latestOf(latest, source, "telemetry_sync");
  const telemetry = messageOf(fact, TelemetrySyncSchema);
  return (
    <Section fact={fact} title="What it says of itself">
      {fact === undefined || telemetry === undefined ? (
        <NotTold what="telemetry" />
      ) : (
        <Facts>
          {figuresOf(telemetry).map(([name, value]) => (
            <Figure fact={fact} key={name} name={name} value={value} />
          ))}
        </Facts>
      )}
    </Section>
  );
}

function figuresOf(telemetry: TelemetrySync): readonly (readonly [string, string])[] {
  const { trustScore, syncLatencyMs, uptimeMs } = telemetry;
  return [
    ["Own trust score", trustScore === undefined ? unknown : `${trustScore.toFixed(0)} of 100`],
    ["Latency", syncLatencyMs === undefined ? unknown : `${syncLatencyMs.toFixed(1)} ms`],
    ["Events told", countText(telemetry.eventsPublished)],
    ["Events waiting", countText(telemetry.eventsWaiting)],
    ["Memory", bytesText(telemetry.residentBytes)],
    ["Runs for", uptimeMs === undefined ? unknown : sinceText(Number(uptimeMs))],
    ...telemetry.priorities
      .slice(0, 6)
      .map(({ topic, weight }) => [`Priority ${topic.slice(0, 40)}`, weight.toFixed(2)] as const),
  ];
}
