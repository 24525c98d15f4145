import { fromBinary } from "@bufbuild/protobuf";
import {
  GraphSummarySchema,
  HealthSchema,
  TelemetrySyncSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { Event } from "@foedus/gen/foedus/event/v1/event_pb.js";
import {
  AuditSummarySchema,
  SecuritySummarySchema,
} from "@foedus/gen/foedus/event/v1/report_event_pb.js";
import type { Witness } from "@foedus/gen/foedus/learning/v1/learning_witness_pb.js";
import type { Told } from "./witness.ts";

/** How far ahead of the hub's clock an event may be: twice what a clock in bounds may be off. */
export const aheadMs = 4_000;

/** How much a claimed round trip may differ from the measured one, besides the factor. */
export const tripSlackMs = 50;
const tripFactor = 5;

/** What is wrong with what a node tells, by what it told before; undefined when all fits. */
export function problemOf(before: Witness, told: Told): string | undefined {
  return timeProblem(told) ?? gapProblem(before, told.event) ?? payloadProblem(before, told);
}

/** Whether a claimed round trip fits the one that heartbeats measured. */
export function tripFits(claimedMs: number, measuredMs: number): boolean {
  const most = Math.max(claimedMs, measuredMs);
  return most <= Math.min(claimedMs, measuredMs) * tripFactor + tripSlackMs;
}

function timeProblem({ event, storedMs }: Told): string | undefined {
  return isAhead(event.timeMs, storedMs) ? "it comes from the future" : undefined;
}

function gapProblem({ lines }: Witness, { stream, epoch, sequence }: Event): string | undefined {
  const line = lines.find((one) => one.stream === stream);
  const gap = line?.epoch === epoch && sequence > line.sequence + 1n;
  return gap ? `${sequence - line.sequence - 1n} events before it never came` : undefined;
}

function payloadProblem(before: Witness, { event, storedMs }: Told): string | undefined {
  switch (event.type) {
    case "telemetry_sync":
      return telemetryProblem(event);
    case "graph.summary.nodes":
      return graphProblem(before, event, storedMs);
    case "hub.health":
      return sampledAhead(fromBinary(HealthSchema, event.payload).sampleMs, storedMs);
    case "audit.summary.status": {
      const { ok, warn, fail, lastRunMs } = fromBinary(AuditSummarySchema, event.payload);
      return negative([ok, warn, fail]) ?? sampledAhead(lastRunMs, storedMs);
    }
    case "security.summary.status": {
      const told = fromBinary(SecuritySummarySchema, event.payload);
      const counts = [told.vulnsCritical, told.vulnsHigh, told.vulnsModerate, told.vulnsLow];
      return negative([...counts, told.components]) ?? sampledAhead(told.lastScanMs, storedMs);
    }
    default:
      return undefined;
  }
}

function telemetryProblem(event: Event): string | undefined {
  const told = fromBinary(TelemetrySyncSchema, event.payload);
  const { trustScore = 0, priorities, syncLatencyMs = 0 } = told;
  if (!(trustScore >= 0 && trustScore <= 100)) return "it claims a trust outside of 0 to 100";
  if (!(syncLatencyMs >= 0)) return "it claims a round trip below 0";
  const fits = priorities.every((one) => isShare(one.weight) && isShare(one.confidence));
  if (!fits) return "it tells a weight or confidence outside of 0 to 1";
  return negative([told.eventsPublished, told.eventsWaiting, told.residentBytes, told.uptimeMs]);
}

function graphProblem({ holding }: Witness, event: Event, storedMs: number): string | undefined {
  const told = fromBinary(GraphSummarySchema, event.payload);
  const { files, lines, languages, digest } = told;
  const sum = (counts: readonly bigint[]) => counts.reduce((total, count) => total + count, 0n);
  if (lines !== undefined && sum(languages.map((one) => one.lines)) > lines) {
    return "its languages have more lines than there are";
  }
  if (files !== undefined && sum(languages.map((one) => one.files)) > files) {
    return "its languages have more files than there are";
  }
  const same = holding !== undefined && digest !== "" && holding.digest === digest;
  if (same && (holding.files !== files || holding.lines !== lines)) {
    return "its counts changed though its digest did not";
  }
  return sampledAhead(told.scannedMs, storedMs);
}

function sampledAhead(atMs: bigint | undefined, storedMs: number): string | undefined {
  return atMs !== undefined && isAhead(atMs, storedMs) ? "it tells of the future" : undefined;
}

function isAhead(atMs: bigint, storedMs: number): boolean {
  return Number(atMs) - storedMs > aheadMs;
}

function negative(counts: readonly (bigint | undefined)[]): string | undefined {
  return counts.some((count) => (count ?? 0n) < 0n) ? "it counts below 0" : undefined;
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1;
}
