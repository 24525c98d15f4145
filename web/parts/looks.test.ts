import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const web = new URL("../", import.meta.url).pathname;
const files = globSync("**/*.{ts,tsx,css}", { cwd: web }).filter(
  (path) => !/^(?:dist|node_modules|build)\/|\.test\.tsx?$|(?:^|\/)tokens\.css$/u.test(path),
);
/** A check that reads nothing would pass. */
const filesMin = 150;

const rules = [
  ["a colour of its own", /#(?:[0-9a-f]{6}|[0-9a-f]{8})\b|\b(?:rgba?|hsla?|oklch)\(/iu],
  ["a size of text of its own", /\btext-\[\d|\btext-[3-9]xl\b|\bfont-size:\s*\d+px/u],
  ["a corner of its own", /\brounded(?:-[a-z]+)?-(?:\[|3xl\b|4xl\b|xs\b)/u],
  ["a shadow of its own", /\bshadow-(?:\[|xs\b|sm\b|md\b|lg\b|xl\b|2xl\b)/u],
  ["a time of its own", /\bduration-(?:\[|\d)|animate-\[/u],
] as const;

test.each(rules)("no file of the page has %s", (_, pattern) => {
  expect(files.length).toBeGreaterThan(filesMin);
  expect(files.flatMap((path) => offencesIn(path, pattern))).toEqual([]);
});

const planted = ["#00ff88", "text-[13px]", "rounded-[3px]", "shadow-md", "duration-150"];

test.each(planted.map((text, at) => [text, rules[at]] as const))("%s is found", (text, rule) => {
  expect(rule?.[1].test(`className="p-2 ${text}"`)).toBe(true);
});

function offencesIn(path: string, pattern: RegExp): string[] {
  const lines = readFileSync(`${web}${path}`, "utf8").split("\n");
  return lines.flatMap((line, at) =>
    pattern.test(line) ? [`web/${path}:${at + 1}: ${line.trim().slice(0, 90)}`] : [],
  );
}
