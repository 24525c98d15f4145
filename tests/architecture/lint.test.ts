import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratch } from "./scratch.ts";
import { root } from "./tree.ts";

/** What the linter says of one planted file; empty when nothing. */
function rulesBrokenBy(path: string, text: string): string[] {
  using planted = scratch();
  for (const name of [".oxlintrc.json", "tsconfig.json"]) {
    copyFileSync(join(root, name), join(planted.folder, name));
  }
  planted.write(path, text);
  const { output } = planted.run("oxlint", "--type-aware", "--format", "unix");
  return [...output.matchAll(/\[Error\/\S+\((\S+)\)\]/g)].map(([, rule = ""]) => rule);
}

test.each([
  ["no-floating-promises", "async function later() {}\nlater();"],
  ["no-misused-promises", "[1].forEach(async () => {});"],
  ["no-explicit-any", "export function f(x: any) { return String(x); }"],
  ["no-non-null-assertion", "export function f(x?: string) { return x!; }"],
  ["no-unsafe-assignment", "export const x: string = JSON.parse('1');"],
  ["no-default-export", "export default 1;"],
  ["no-barrel-file", 'export * from "./a.ts";\nexport * from "./b.ts";'],
  ["no-restricted-globals", "export const now = Date.now();"],
  ["no-restricted-globals", "export const now = new Date();"],
  ["no-restricted-globals", "export const now = performance.now();"],
  ["no-restricted-globals", "setTimeout(() => {}, 1);"],
  ["no-restricted-globals", "setInterval(() => {}, 1);"],
  ["no-restricted-properties", "export const now = globalThis.Date.now();"],
  ["no-restricted-properties", "export const chance = Math.random();"],
  ["no-restricted-properties", "export const signal = AbortSignal.timeout(5);"],
  ["no-restricted-imports", 'export { setTimeout } from "node:timers/promises";'],
  ["no-restricted-imports", 'import { randomBytes } from "node:crypto";\nrandomBytes(1);'],
  ["only-throw-error", "export function f() { throw 'words'; }"],
  ["eqeqeq", "export function f(x: string) { return x == '1'; }"],
  ["no-else-return", "export function f(x: 1 | 2) { if (x === 1) return 1; else return 2; }"],
  ["ban-ts-comment", "// @ts-ignore\nexport const x = 1;"],
])("%s is found: %s", (rule, text) => {
  expect(rulesBrokenBy("server/capabilities/node/planted.ts", `${text}\n`)).toContain(rule);
});

test.each(["server/kernel/world.real.ts", "server/kernel/time.ts", "tests/planted.test.ts"])(
  "%s may read the clock",
  (path) => {
    expect(rulesBrokenBy(path, "export const now = Date.now();\n")).toEqual([]);
  },
);

test("a skipped or a lonely test is found", () => {
  const text = (kind: string) => `import { expect, test } from "vitest";
    test.${kind}("x", () => { expect(1).toBe(1); });\n`;
  expect(rulesBrokenBy("server/a.test.ts", text("skip"))).toContain("no-disabled-tests");
  expect(rulesBrokenBy("server/a.test.ts", text("only"))).toContain("no-focused-tests");
});

test("an exception that no longer excuses anything is found", () => {
  using planted = scratch();
  copyFileSync(join(root, ".oxlintrc.json"), join(planted.folder, ".oxlintrc.json"));
  planted.write("server/a.ts", "// oxlint-disable-next-line no-var -- why\nexport const x = 1;\n");
  const { passed, output } = planted.run("oxlint");
  expect(passed).toBe(false);
  expect(output).toContain("Unused");
});
