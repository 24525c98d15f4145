import { fieldsOf, type Fields, isFields, listOf, parseJson, textOf, toolText } from "./json.ts";
import type { Findings, Reading } from "./report.ts";
import { instantOf, noFindings, ReportError, severityOfScore } from "./report.ts";

const versions: ReadonlySet<unknown> = new Set(["1.4", "1.5", "1.6"]);
const depthMax = 64;

/**
 * Reads a CycloneDX bill of materials, 1.4 to 1.6. One without vulnerabilities says nothing of
 * them: they stay unknown.
 */
export function readCycloneDx(text: string): Reading {
  const bom = fieldsOf(parseJson(text));
  if (bom.bomFormat !== "CycloneDX") throw new ReportError("it is no CycloneDX bill of materials");
  const { specVersion } = bom;
  if (!versions.has(specVersion)) throw new ReportError("it is not of CycloneDX 1.4, 1.5 or 1.6");
  const metadata = fieldsOf(bom.metadata);
  return {
    format: `CycloneDX ${textOf(specVersion)}`,
    tool: toolOf(metadata.tools),
    components: countComponents(bom.components, depthMax),
    findings:
      bom.vulnerabilities === undefined
        ? undefined
        : countFindings(listOf(bom.vulnerabilities, "vulnerabilities")),
    ranMs: instantOf(metadata.timestamp),
  };
}

/** A list of tools until 1.4, components and services since. */
function toolOf(tools: unknown): string {
  const list = isFields(tools) ? listOf(tools.components, "tools") : listOf(tools, "tools");
  const { name, version } = fieldsOf(list[0]);
  return toolText(name, version);
}

function countComponents(components: unknown, depth: number): number {
  if (depth === 0) throw new ReportError("its components are nested too deep");
  return listOf(components, "components").reduce<number>((sum, component) => {
    return sum + 1 + countComponents(fieldsOf(component).components, depth - 1);
  }, 0);
}

/** What was looked at and does no harm. */
const harmless: ReadonlySet<unknown> = new Set([
  "resolved",
  "resolved_with_pedigree",
  "false_positive",
  "not_affected",
]);

function countFindings(vulnerabilities: readonly unknown[]): Findings {
  const findings = { ...noFindings };
  for (const vulnerability of vulnerabilities.map(fieldsOf)) {
    if (harmless.has(fieldsOf(vulnerability.analysis).state)) continue;
    const severity = severityOf(listOf(vulnerability.ratings, "ratings").map(fieldsOf));
    if (severity !== undefined) findings[severity] += 1;
  }
  return findings;
}

/** The worst of its ratings. One that nobody rated may be anything: it counts as moderate. */
function severityOf(ratings: readonly Fields[]): keyof Findings | undefined {
  const known = ratings.map(ratingOf).filter((rating) => rating !== undefined);
  return known.length === 0 ? "moderate" : order.find((severity) => known.includes(severity));
}

function ratingOf({ severity, score }: Fields): keyof Findings | "none" | undefined {
  if (severity === "info" || severity === "none") return "none";
  return severities.get(severity) ?? severityOfScore(Number(score));
}

const order = ["critical", "high", "moderate", "low"] as const;

const severities: ReadonlyMap<unknown, keyof Findings> = new Map<unknown, keyof Findings>([
  ["critical", "critical"],
  ["high", "high"],
  ["medium", "moderate"],
  ["low", "low"],
]);
