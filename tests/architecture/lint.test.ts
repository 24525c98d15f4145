import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { scratch } from "./scratch.ts";
import { root } from "./tree.ts";

/** What each rule is to find, in a capability. */
const planted: readonly (readonly [rule: string, text: string])[] = [
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
];

const clockText = "export const now = Date.now();\n";
const clockFiles = ["server/kernel/world.real.ts", "server/kernel/time.ts", "tests/a.test.ts"];
const testText = (kind: string) => `import { expect, test } from "vitest";
test.${kind}("x", () => { expect(1).toBe(1); });\n`;
const excuse = "// oxlint-disable-next-line no-var -- why\nexport const x = 1;\n";

/** What the linter says of each planted file: the names of the rules. */
const found = new Map<string, string[]>();

beforeAll(() => {
  using place = scratch();
  for (const name of [".oxlintrc.json", "tsconfig.json"]) {
    copyFileSync(join(root, name), join(place.folder, name));
  }
  for (const [at, [, text]] of planted.entries()) place.write(fileOf(at), `${text}\n`);
  for (const path of clockFiles) place.write(path, clockText);
  place.write("server/skipped.test.ts", testText("skip"));
  place.write("server/lonely.test.ts", testText("only"));
  place.write("server/excused.ts", excuse);
  const { output } = place.run("oxlint", "--type-aware", "--format", "unix");
  for (const line of output.split("\n")) {
    const [, path = "", message = ""] = /^([^:\s]+):\d+:\d+: (.*)$/.exec(line) ?? [];
    const [, rule = message] = /\[Error\/\S+\((\S+)\)\]$/.exec(message) ?? [];
    found.set(path, [...(found.get(path) ?? []), rule]);
  }
});

function fileOf(at: number): string {
  return `server/capabilities/node/planted${at}.ts`;
}

test("every planted file was looked at", () => {
  expect(planted.length).toBeGreaterThan(20);
  expect(planted.map((_, at) => fileOf(at)).filter((path) => !found.has(path))).toEqual([]);
});

test.each(planted.map(([rule, text], at) => [rule, text, at] as const))(
  "%s is found: %s",
  (rule, _text, at) => {
    expect(found.get(fileOf(at))).toContain(rule);
  },
);

test.each(clockFiles)("%s may read the clock", (path) => {
  expect(found.get(path) ?? []).toEqual([]);
});

test("a skipped or a lonely test is found", () => {
  expect(found.get("server/skipped.test.ts")).toContain("no-disabled-tests");
  expect(found.get("server/lonely.test.ts")).toContain("no-focused-tests");
});

test("an exception that no longer excuses anything is found", () => {
  expect(found.get("server/excused.ts")?.join()).toContain("Unused oxlint-disable directive");
});
