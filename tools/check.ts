// `npm run check`: everything that must hold before a push and that no running hub is needed for.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lineOf, runSteps, type Step } from "./check/steps.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
/** Two cores: a third step would only make the other two wait. */
const atOnce = 2;
const lastRelease = "docs/reference/schema.binpb";
const programs = [
  "tsconfig.json",
  "web/tsconfig.json",
  "tests/e2e/tsconfig.json",
  "examples/notes/page/tsconfig.json",
];

// buf reads the gathered schemas of others; whoever starts from a fresh clone has none yet.
execFileSync(process.execPath, ["tools/gen/gather.ts"], { cwd: root, stdio: "inherit" });

const architecture = ["--project", "unit", "--project", "pg", "tests/architecture"] as const;
const steps: Step[] = [
  { name: "architecture", command: ["vitest", "run", "--silent", ...architecture] },
  { name: "generated code is fresh", command: ["node", "tools/check/fresh.ts"] },
  ...programs
    .filter((program) => existsSync(join(root, program)))
    .map((program): Step => ({ name: `types of ${program}`, command: ["tsc", "-p", program] })),
  { name: "lint", command: ["oxlint", "--type-aware"] },
  { name: "format", command: ["oxfmt", "--check"] },
  { name: "schema: format", command: ["buf", "format", "proto", "--diff", "--exit-code"] },
  { name: "schema: lint", command: ["buf", "lint"] },
  { name: "schema: breaking", command: ["buf", "breaking", "proto", "--against", lastRelease] },
];

const startMs = performance.now();
const outcomes = await runSteps(steps, {
  root,
  atOnce,
  ended(outcome) {
    console.log(lineOf(outcome));
    if (!outcome.passed) console.log(outcome.output.replaceAll(/^/gm, "    "));
  },
});
const failed = outcomes.filter((outcome) => !outcome.passed);
const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
console.log(failed.length === 0 ? `all well in ${seconds} s` : `${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
