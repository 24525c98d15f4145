import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  AuditSummarySchema,
  ReportFileSchema,
  SecuritySummarySchema,
} from "@foedus/gen/foedus/event/v1/report_event_pb.js";
import type { FoundReport } from "./read.ts";
import { addChecks, addFindings, latestOf, noChecks, noFindings } from "./report.ts";

/** What a project's reports come to; undefined where none speaks of it. */
export interface ReportSummaries {
  readonly audit: MessageInitShape<typeof AuditSummarySchema> | undefined;
  readonly security: MessageInitShape<typeof SecuritySummarySchema> | undefined;
}

/** Sums the reports up. What none of them counts stays unset. */
export function summariesOf(project: string, reports: readonly FoundReport[]): ReportSummaries {
  return { audit: auditOf(project, reports), security: securityOf(project, reports) };
}

function auditOf(projectSlug: string, all: readonly FoundReport[]): ReportSummaries["audit"] {
  const reports = all.filter(({ reading }) => reading.checks !== undefined);
  if (reports.length === 0) return undefined;
  const sum = reports.map(({ reading }) => reading.checks ?? noChecks).reduce(addChecks, noChecks);
  return {
    projectSlug,
    ok: BigInt(sum.ok),
    warn: BigInt(sum.warn),
    fail: BigInt(sum.fail),
    lastRunMs: ranOf(reports),
    reports: reports.map(fileOf),
  };
}

function securityOf(projectSlug: string, all: readonly FoundReport[]): ReportSummaries["security"] {
  const reports = all.filter(({ reading }) => {
    return reading.findings !== undefined || reading.components !== undefined;
  });
  if (reports.length === 0) return undefined;
  const found = reports.flatMap(({ reading }) => reading.findings ?? []);
  const listed = reports.flatMap(({ reading }) => reading.components ?? []);
  const sum = found.reduce(addFindings, noFindings);
  return {
    projectSlug,
    ...(found.length === 0
      ? {}
      : {
          vulnsCritical: BigInt(sum.critical),
          vulnsHigh: BigInt(sum.high),
          vulnsModerate: BigInt(sum.moderate),
          vulnsLow: BigInt(sum.low),
        }),
    ...(listed.length === 0 ? {} : { components: BigInt(listed.reduce((a, b) => a + b, 0)) }),
    lastScanMs: ranOf(reports),
    reports: reports.map(fileOf),
  };
}

function ranOf(reports: readonly FoundReport[]): bigint | undefined {
  const ms = latestOf(reports.map(({ reading }) => reading.ranMs));
  return ms === undefined ? undefined : BigInt(ms);
}

function fileOf(report: FoundReport): MessageInitShape<typeof ReportFileSchema> {
  const { path, digest, modifiedMs, reading } = report;
  const { format, tool } = reading;
  return { path, digest, format, tool, modifiedMs: BigInt(modifiedMs) };
}
