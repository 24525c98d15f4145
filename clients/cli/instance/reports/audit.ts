import { countOf, fieldsOf, type Fields, isFields, parseJson } from "./json.ts";
import type { Findings, Reading } from "./report.ts";
import { ReportError } from "./report.ts";

/** Reads what `npm audit`, `pnpm audit` and `yarn audit` print with --json. */
export function readAudit(text: string): Reading {
  const whole = tryParse(text);
  if (isFields(whole) && isFields(whole.metadata)) {
    const npm = whole.auditReportVersion !== undefined;
    return readingOf(npm ? "npm audit" : "audit", fieldsOf(whole.metadata.vulnerabilities));
  }
  // Yarn prints an object a line, the sum in one of its own.
  for (const line of text.split("\n")) {
    const { type, data } = fieldsOf(tryParse(line));
    if (type === "auditSummary") {
      return readingOf("yarn audit", fieldsOf(fieldsOf(data).vulnerabilities));
    }
  }
  throw new ReportError("it holds no sum of an audit");
}

function readingOf(format: string, counted: Fields): Reading {
  const count = (name: string) => countOf(counted[name], `number of ${name} vulnerabilities`);
  const findings: Findings = {
    critical: count("critical"),
    high: count("high"),
    moderate: count("moderate"),
    low: count("low"),
  };
  const [tool = ""] = format.split(" ");
  return { format, tool: tool === "audit" ? "" : tool, findings, ranMs: undefined };
}

function tryParse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
