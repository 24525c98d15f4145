import { create } from "@bufbuild/protobuf";
import {
  EventRefusedSchema,
  NetworkHealth,
  PrioritySchema,
  TelemetrySyncSchema,
  TrustAggregateSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import {
  AuditSummarySchema,
  SecuritySummarySchema,
} from "@foedus/gen/foedus/event/v1/report_event_pb.js";
import { expect, test } from "vitest";
import { localTime } from "../../parts/clock.ts";
import { rowsOf } from "./payload-rows.ts";

const digest = "0123456789abcdef".repeat(4);
const textsOf = (rows: ReturnType<typeof rowsOf>) =>
  Object.fromEntries(rows.facts.map(({ name, text }) => [name, text]));

test("priorities are a table of shares, and what nobody measured is unknown", () => {
  const priorities = [{ topic: "web", weight: 0.125, confidence: 0.8 }];
  const told = create(TelemetrySyncSchema, { priorities, syncLatencyMs: 1.256, uptimeMs: 61_000n });
  const rows = rowsOf("telemetry_sync", told);
  expect(rows.tables).toEqual([
    {
      name: "priorities",
      columns: ["topic", "weight", "confidence"],
      rows: [["web", "12.5 %", "80 %"]],
      more: 0,
    },
  ]);
  expect(textsOf(rows)).toMatchObject({
    "trust score": "unknown",
    "sync latency": "1.26 ms",
    uptime: "1 min 1 s",
    resident: "unknown",
    sanitized: "no",
  });
});

test("an aggregate says its figures, and who stands at its ends", () => {
  const told = create(TrustAggregateSchema, {
    participants: 12,
    averageTrust: 81.239,
    highest: { nodeId: "node_a", nodeName: "atlas", score: 97 },
    networkHealth: NetworkHealth.HEALTHY,
  });
  expect(textsOf(rowsOf("trust_aggregate", told))).toMatchObject({
    participants: "12",
    "average trust": "81.24",
    "median trust": "unknown",
    "highest, node name": "atlas",
    "highest, score": "97",
    lowest: "unknown",
    "network health": "healthy",
  });
});

test("a summary names each report with its digest and time", () => {
  const modifiedMs = 1_795_000_000_000n;
  const reports = [{ path: "junit.xml", digest, format: "JUnit", tool: "", modifiedMs }];
  const told = create(AuditSummarySchema, { projectSlug: "shop", ok: 4n, reports });
  const { tables, facts } = rowsOf("audit.summary.status", told);
  const written = localTime(Number(modifiedMs), "full");
  expect(tables[0]?.rows).toEqual([["junit.xml", digest, "JUnit", "none", written]]);
  expect(facts).toContainEqual({ name: "ok", text: "4" });
  expect(facts).toContainEqual({ name: "fail", text: "unknown" });
  const security = rowsOf("security.summary.status", create(SecuritySummarySchema));
  expect(textsOf(security)).toMatchObject({ "vulns critical": "unknown", "last scan": "unknown" });
});

test("refusals say the reason and how many", () => {
  const told = create(EventRefusedSchema, { reason: "EVENT_SIGNATURE_INVALID", batches: 50n });
  const texts = textsOf(rowsOf("event.refused", told));
  expect(texts).toMatchObject({ reason: "EVENT_SIGNATURE_INVALID", batches: "50" });
});

test("a hundred rows are shown, and of the others their number", () => {
  const priorities = Array.from({ length: 101 }, () => create(PrioritySchema, { topic: "a" }));
  const [table] = rowsOf("telemetry_sync", create(TelemetrySyncSchema, { priorities })).tables;
  expect([table?.rows.length, table?.more]).toEqual([100, 1]);
});

test("a family that nobody knows has no rows", () => {
  const rows = rowsOf("nobody.knows", create(TelemetrySyncSchema));
  expect(rows).toEqual({ facts: [], tables: [] });
});
