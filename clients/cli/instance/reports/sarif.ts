import { fieldsOf, type Fields, listOf, parseJson, textOf, toolText } from "./json.ts";
import type { Checks, Findings, Reading } from "./report.ts";
import { addChecks, addFindings, instantOf, latestOf } from "./report.ts";
import { noChecks, noFindings, ReportError, severityOfScore } from "./report.ts";

/**
 * Reads SARIF 2.1.0. A result whose rule has a `security-severity` is a vulnerability; any other is
 * a check that failed (error), warned (warning, note) or passed.
 */
export function readSarif(text: string): Reading {
  const log = fieldsOf(parseJson(text));
  if (log.version !== "2.1.0") throw new ReportError("it is not SARIF 2.1.0");
  const runs = listOf(log.runs, "runs").map((run) => readRun(fieldsOf(run)));
  const securing = runs.filter(({ secures }) => secures);
  const checking = runs.filter(({ secures, counted }) => !secures || counted);
  return {
    format: "SARIF 2.1.0",
    tool: [...new Set(runs.map(({ tool }) => tool))].filter((tool) => tool !== "").join(", "),
    findings:
      securing.length === 0
        ? undefined
        : securing.map(({ findings }) => findings).reduce(addFindings, noFindings),
    checks:
      checking.length === 0
        ? undefined
        : checking.map(({ checks }) => checks).reduce(addChecks, noChecks),
    ranMs: latestOf(runs.map(({ ranMs }) => ranMs)),
  };
}

interface Run {
  readonly tool: string;
  /** Whether it looks for vulnerabilities. */
  readonly secures: boolean;
  /** Whether it has results of another kind too. */
  readonly counted: boolean;
  readonly findings: Findings;
  readonly checks: Checks;
  readonly ranMs: number | undefined;
}

function readRun(run: Fields): Run {
  const driver = fieldsOf(fieldsOf(run.tool).driver);
  const extensions = listOf(fieldsOf(run.tool).extensions, "extensions").map(fieldsOf);
  const rules = [driver, ...extensions].flatMap((one) => listOf(one.rules, "rules").map(fieldsOf));
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const results = listOf(run.results, "results").map(fieldsOf).filter(counts);
  let [findings, checks] = [noFindings, noChecks];
  for (const result of results) {
    const rule = ruleOf(result, rules, byId);
    const severity = severityOf(result, rule);
    if (severity !== undefined) findings = { ...findings, [severity]: findings[severity] + 1 };
    else checks = addChecks(checks, checkOf(result, rule));
  }
  const invocations = listOf(run.invocations, "invocations").map(fieldsOf);
  return {
    tool: toolText(driver.name, driver.semanticVersion ?? driver.version),
    secures: rules.some((rule) => severityIn(rule) !== undefined) || findings !== noFindings,
    counted: checks !== noChecks,
    findings,
    checks,
    ranMs: latestOf(invocations.map(({ endTimeUtc }) => instantOf(endTimeUtc))),
  };
}

/** What somebody suppressed, or what was there before and is gone, is no result of now. */
function counts(result: Fields): boolean {
  if (result.baselineState === "absent") return false;
  return listOf(result.suppressions, "suppressions").length === 0;
}

function ruleOf(
  result: Fields,
  rules: readonly Fields[],
  byId: ReadonlyMap<unknown, Fields>,
): Fields {
  const { index, id } = fieldsOf(result.rule);
  const at = result.ruleIndex ?? index;
  const named = byId.get(result.ruleId ?? id);
  return named ?? (typeof at === "number" ? rules[at] : undefined) ?? {};
}

function severityOf(result: Fields, rule: Fields): keyof Findings | undefined {
  if (result.kind !== undefined && result.kind !== "fail") return undefined;
  return severityIn(result) ?? severityIn(rule);
}

function severityIn({ properties }: Fields): keyof Findings | undefined {
  const score = fieldsOf(properties)["security-severity"];
  return score === undefined ? undefined : severityOfScore(Number(score));
}

function checkOf(result: Fields, rule: Fields): Checks {
  const { kind = "fail" } = result;
  if (kind === "pass") return { ...noChecks, ok: 1 };
  if (kind !== "fail") return { ...noChecks, warn: kind === "notApplicable" ? 0 : 1 };
  const preset = textOf(fieldsOf(rule.defaultConfiguration).level) || "warning";
  const level = textOf(result.level) || preset;
  return level === "error" ? { ...noChecks, fail: 1 } : { ...noChecks, warn: 1 };
}
