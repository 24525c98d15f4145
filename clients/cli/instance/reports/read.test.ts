import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { hex } from "@foedus/kernel/bytes.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { expect, onTestFinished, test } from "vitest";
import { openReports, reportBytesMax, reportsMax } from "./read.ts";
import { summariesOf } from "./summary.ts";

function newProject() {
  const folder = mkdtempSync(join(tmpdir(), "foedus-reports-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  return { folder, write, reports: openReports(folder) };
}

const junit = (tests: number, failures = 0) =>
  `<testsuites><testsuite tests="${tests}" failures="${failures}"/></testsuites>`;
const bom = JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", components: [{}, {}] });
const npmAudit = JSON.stringify({
  auditReportVersion: 2,
  metadata: { vulnerabilities: { low: 0, moderate: 1, high: 0, critical: 0 } },
});

test("several files sum up, and each is named with its digest", async () => {
  const { reports, write } = newProject();
  write("test-results/junit.xml", junit(3, 1));
  write("coverage/TEST-other.xml", junit(2));
  write("sbom.cdx.json", bom);
  write("reports/npm-audit.json", npmAudit);
  const view = await reports.read();
  expect(view.problems).toEqual([]);
  const { audit, security } = summariesOf("shop", view.reports);
  expect(audit).toMatchObject({ projectSlug: "shop", ok: 4n, warn: 0n, fail: 1n });
  expect(audit?.lastRunMs).toBeUndefined();
  expect(audit?.reports).toMatchObject([
    { path: "coverage/TEST-other.xml", format: "JUnit", digest: hex(sha256(junit(2))) },
    { path: "test-results/junit.xml", format: "JUnit", digest: hex(sha256(junit(3, 1))) },
  ]);
  expect(security).toMatchObject({ vulnsModerate: 1n, vulnsHigh: 0n, components: 2n });
  expect(security?.reports?.map(({ path }) => path)).toEqual([
    "reports/npm-audit.json",
    "sbom.cdx.json",
  ]);
});

test("without reports nothing is said; a bill alone leaves vulnerabilities unknown", async () => {
  const { reports, write } = newProject();
  expect(summariesOf("shop", (await reports.read()).reports)).toEqual({
    audit: undefined,
    security: undefined,
  });
  write("bom.json", bom);
  const { security } = summariesOf("shop", (await reports.read()).reports);
  expect([security?.components, security?.vulnsHigh]).toEqual([2n, undefined]);
});

test("the same bytes under another name count once", async () => {
  const { reports, write } = newProject();
  for (const path of ["a/junit.xml", "b/junit.xml"]) write(path, junit(5));
  const { audit } = summariesOf("shop", (await reports.read()).reports);
  expect([audit?.ok, audit?.reports?.length]).toEqual([5n, 1]);
});

test("a damaged file is named with what is wrong, in no word of its own, and keeps nobody else", async () => {
  const { reports, write } = newProject();
  write("junit.xml", junit(1));
  write("scan.sarif", '{"password": hunter2}');
  write("npm-audit.json", "\ud800");
  const view = await reports.read();
  expect(view.reports.map(({ path }) => path)).toEqual(["junit.xml"]);
  expect(view.problems).toEqual([
    "npm-audit.json: it holds no sum of an audit",
    "scan.sarif: it is not JSON",
  ]);
  write("scan.sarif", JSON.stringify({ version: "2.1.0", runs: [] }));
  expect((await reports.read()).problems).toEqual(["npm-audit.json: it holds no sum of an audit"]);
});

test("bytes that are no text are named too", async () => {
  const { reports, write, folder } = newProject();
  write("junit.xml", "");
  writeFileSync(join(folder, "junit.xml"), Uint8Array.of(0xff, 0xfe, 0x3c));
  expect((await reports.read()).problems).toEqual(["junit.xml: it is not UTF-8"]);
});

test("a file may have 16 MiB, and one byte more is refused unread", async () => {
  const { reports, write, folder } = newProject();
  const text = junit(1);
  write("junit.xml", text + " ".repeat(reportBytesMax - text.length));
  expect((await reports.read()).reports).toHaveLength(1);
  truncateSync(join(folder, "junit.xml"), reportBytesMax + 1);
  expect(await reports.read()).toEqual({
    reports: [],
    problems: ["junit.xml: it is larger than 16 MiB"],
  });
});

test("so many files are read, and of one more it is said that it is not", async () => {
  const { reports, write } = newProject();
  for (let at = 1; at <= reportsMax; at += 1) write(`junit-${at}.xml`, junit(at));
  expect((await reports.read()).problems).toEqual([]);
  write("junit-z.xml", junit(999));
  const { reports: read, problems } = await reports.read();
  expect(read).toHaveLength(reportsMax);
  expect(problems).toEqual([`reports beyond the first ${reportsMax} are not read: 1`]);
});

test("links, folders of packages and what lies deep are not looked at", async () => {
  const { reports, write, folder } = newProject();
  write("node_modules/x/junit.xml", junit(1));
  write("a/b/c/d/junit.xml", junit(2));
  write("a/b/c/d/e/junit.xml", junit(3));
  write("elsewhere.txt", junit(4));
  symlinkSync(join(folder, "elsewhere.txt"), join(folder, "junit.xml"));
  const { reports: read } = await reports.read();
  expect(read.map(({ path }) => path)).toEqual(["a/b/c/d/junit.xml"]);
});
