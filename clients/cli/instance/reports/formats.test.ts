import { expect, test } from "vitest";
import { readAudit } from "./audit.ts";
import { readCycloneDx } from "./cyclonedx.ts";
import { readJunit } from "./junit.ts";
import type { Reading } from "./report.ts";
import { readSarif } from "./sarif.ts";

const rule = (id: string, severity?: string) => ({
  id,
  ...(severity === undefined ? {} : { properties: { "security-severity": severity } }),
});

function sarif(rules: readonly object[], results: readonly object[], rest: object = {}): string {
  const driver = { name: "scan", version: "1.2.3", rules };
  return JSON.stringify({ version: "2.1.0", runs: [{ tool: { driver }, results, ...rest }] });
}

test("SARIF: results of rated rules are vulnerabilities by their severity", () => {
  const rules = [rule("a", "9.8"), rule("b", "7.0"), rule("c", "4.0"), rule("d", "3.9")];
  const results = [
    { ruleId: "a" },
    { ruleIndex: 1 },
    { rule: { id: "c" } },
    { ruleId: "d" },
    { ruleId: "d" },
    { ruleId: "a", suppressions: [{ kind: "inSource" }] },
    { ruleId: "a", baselineState: "absent" },
  ];
  const invocations = [{ endTimeUtc: "2026-11-20T10:00:00Z" }];
  expect(readSarif(sarif(rules, results, { invocations }))).toEqual({
    format: "SARIF 2.1.0",
    tool: "scan 1.2.3",
    findings: { critical: 1, high: 1, moderate: 1, low: 2 },
    checks: undefined,
    ranMs: Date.UTC(2026, 10, 20, 10),
  });
});

test("SARIF: of other rules an error fails, a warning and a note warn, a pass is well", () => {
  const quiet = { id: "q", defaultConfiguration: { level: "error" } };
  const results = [
    { ruleId: "x", level: "error" },
    { ruleId: "x", level: "note" },
    { ruleId: "x" },
    { ruleId: "q" },
    { ruleId: "x", kind: "pass" },
    { ruleId: "x", kind: "notApplicable" },
  ];
  const { checks, findings } = readSarif(sarif([rule("x"), quiet], results));
  expect([checks, findings]).toEqual([{ ok: 1, warn: 2, fail: 2 }, undefined]);
  expect(readSarif(sarif([], [])).checks).toEqual({ ok: 0, warn: 0, fail: 0 });
});

function bom(rest: object, specVersion = "1.5"): Reading {
  return readCycloneDx(JSON.stringify({ bomFormat: "CycloneDX", specVersion, ...rest }));
}

test("CycloneDX: components are counted however deep, and vulnerabilities by their worst rating", () => {
  const components = [{ name: "a", components: [{ name: "b" }, { name: "c" }] }, { name: "d" }];
  const rated = (...severities: string[]) => ({
    ratings: severities.map((severity) => ({ severity })),
  });
  const vulnerabilities = [
    rated("low", "critical"),
    rated("medium"),
    rated("info"),
    { ratings: [{ score: 8.1 }] },
    {},
    { ...rated("critical"), analysis: { state: "not_affected" } },
  ];
  const metadata = {
    timestamp: "2026-11-20T10:00:00+01:00",
    tools: { components: [{ name: "syft", version: "1.0" }] },
  };
  expect(bom({ components, vulnerabilities, metadata })).toEqual({
    format: "CycloneDX 1.5",
    tool: "syft 1.0",
    components: 4,
    findings: { critical: 1, high: 1, moderate: 2, low: 0 },
    ranMs: Date.UTC(2026, 10, 20, 9),
  });
});

test("CycloneDX: a bill that says nothing of vulnerabilities leaves them unknown", () => {
  const { findings, components, tool } = bom({ metadata: { tools: [{ name: "cdxgen" }] } }, "1.4");
  expect([findings, components, tool]).toEqual([undefined, 0, "cdxgen"]);
});

test("JUnit: the outermost suites are summed, and those within them are not", () => {
  const text = `<?xml version="1.0"?>
    <!-- made by hand -->
    <testsuites name="all > of them">
      <testsuite name="a" tests="5" failures="1" errors="1" skipped="1" timestamp="2026-11-20T10:00:00Z">
        <testsuite name="inner" tests="2" failures="1"/>
        <testcase name="x &lt; y"><failure><![CDATA[<testsuite tests="99"/>]]></failure></testcase>
      </testsuite>
      <testsuite tests='3' timestamp="2026-11-20T10:00:00"></testsuite>
    </testsuites>`;
  const { checks, ranMs, tool } = readJunit(text);
  expect([checks, ranMs, tool]).toEqual([
    { ok: 5, warn: 1, fail: 2 },
    Date.UTC(2026, 10, 20, 10),
    "",
  ]);
  expect(readJunit(`<testsuite tests="1" skipped="1"/>`).checks).toEqual({
    ok: 0,
    warn: 1,
    fail: 0,
  });
});

test("audits of npm, pnpm and yarn", () => {
  const vulnerabilities = { info: 7, low: 1, moderate: 2, high: 3, critical: 4 };
  const findings = { low: 1, moderate: 2, high: 3, critical: 4 };
  const npm = { auditReportVersion: 2, metadata: { vulnerabilities } };
  expect(readAudit(JSON.stringify(npm))).toMatchObject({ tool: "npm", findings });
  const pnpm = { advisories: {}, metadata: { vulnerabilities } };
  expect(readAudit(JSON.stringify(pnpm))).toMatchObject({ tool: "", findings });
  const yarn = [{ type: "info" }, { type: "auditSummary", data: { vulnerabilities } }];
  const lines = yarn.map((line) => JSON.stringify(line)).join("\n");
  expect(readAudit(lines)).toMatchObject({ format: "yarn audit", tool: "yarn", findings });
});

const deep = (levels: number) => "<a>".repeat(levels) + "</a>".repeat(levels);
const nested = (levels: number): object =>
  levels === 0 ? {} : { components: [nested(levels - 1)] };

test.each([
  ["SARIF that is cut", readSarif, `{"version":"2.1.0","runs":[`, "it is not JSON"],
  ["SARIF of another version", readSarif, `{"version":"2.0.0"}`, "it is not SARIF 2.1.0"],
  ["SARIF with odd runs", readSarif, `{"version":"2.1.0","runs":{}}`, "its runs are no list"],
  ["another bill", readCycloneDx, `{"spdxVersion":"SPDX-2.3"}`, "no CycloneDX"],
  ["a bill of tomorrow", readCycloneDx, `{"bomFormat":"CycloneDX","specVersion":"2.0"}`, "1.6"],
  [
    "a bill without a bottom",
    readCycloneDx,
    JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", ...nested(70) }),
    "nested too deep",
  ],
  ["an audit that failed", readAudit, `{"error":{"code":"ENOLOCK"}}`, "no sum"],
  [
    "an audit with odd counts",
    readAudit,
    `{"metadata":{"vulnerabilities":{"low":-1}}}`,
    "no count",
  ],
  ["an entity", readJunit, `<!DOCTYPE x [<!ENTITY a "b">]><testsuite tests="1"/>`, "declares"],
  ["another root", readJunit, `<coverage/>`, "neither"],
  ["an element that does not end", readJunit, `<testsuites><testsuite tests="1">`, "well-formed"],
  ["ends that are crossed", readJunit, `<testsuites><a></testsuites></a>`, "well-formed"],
  ["an attribute twice", readJunit, `<testsuite tests="1" tests="2"/>`, "well-formed"],
  ["two roots", readJunit, `<testsuite tests="1"/><testsuite tests="1"/>`, "two roots"],
  ["no bottom", readJunit, `<testsuites>${deep(100)}</testsuites>`, "too deep"],
  ["a suite without tests", readJunit, `<testsuite/>`, "how many tests"],
  ["tests that are no number", readJunit, `<testsuite tests="1e3"/>`, "no count"],
  ["sums that do not fit", readJunit, `<testsuite tests="1" failures="2"/>`, "fewer tests"],
  ["nothing", readJunit, "", "well-formed"],
])("%s is refused in words of our own", (_, read, text, words) => {
  expect(() => read(text)).toThrow(words);
});
