import { countOf } from "./json.ts";
import type { Checks, Reading } from "./report.ts";
import { addChecks, instantOf, latestOf, noChecks, ReportError } from "./report.ts";
import { elementsOf, type Opened } from "./xml.ts";

/**
 * Reads a JUnit report: the sums that its outermost suites state. A test that was skipped counts as
 * one that warns.
 */
export function readJunit(text: string): Reading {
  const elements = elementsOf(text.startsWith("\ufeff") ? text.slice(1) : text);
  const instants: (number | undefined)[] = [];
  let checks = noChecks;
  let outermost = 0;
  for (const element of elements) {
    const { name, depth, attributes } = element;
    const isRoot = depth === 0;
    if (isRoot && name !== "testsuites" && name !== "testsuite") {
      throw new ReportError("its root is neither testsuites nor testsuite");
    }
    if (isRoot) outermost = name === "testsuites" ? 1 : 0;
    if (name !== "testsuite" || depth !== outermost) continue;
    checks = addChecks(checks, sumOf(element));
    instants.push(instantOf(attributes.get("timestamp")));
  }
  return { format: "JUnit", tool: "", checks, ranMs: latestOf(instants) };
}

function sumOf({ attributes }: Opened): Checks {
  const count = (name: string) => countOf(attributes.get(name) ?? 0, name);
  if (!attributes.has("tests")) throw new ReportError("a testsuite does not say how many tests");
  const warn = count(attributes.has("skipped") ? "skipped" : "skips");
  const fail = count("failures") + count("errors");
  const ok = count("tests") - warn - fail;
  if (ok < 0) throw new ReportError("a testsuite has fewer tests than it says came to something");
  return { ok, warn, fail };
}
