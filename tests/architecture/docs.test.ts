import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dependencyOffences, directDependencies, linkOffences, readDocs } from "./docs.ts";
import { root } from "./tree.ts";

const record = readFileSync(join(root, "docs/decisions/0005-direct-dependencies.md"), "utf8");

/** There are more pages and packages than this; fewer means that they were not read. */
const [docsMin, dependenciesMin] = [20, 40];

test("every direct dependency has its line in decision 0005", () => {
  const names = directDependencies();
  expect(names.size).toBeGreaterThan(dependenciesMin);
  expect(dependencyOffences(names, record)).toEqual([]);
});

test("a package without a line, a line without a package, and a line without words are found", () => {
  const planted = "| `left-pad` | pads | 0.01 | one person |\n| `pg` | | 0.1 | one person |\n";
  expect(dependencyOffences(new Set(["pg", "is-odd"]), planted)).toEqual([
    "is-odd has no line",
    "left-pad has a line and is no dependency",
    "the line of pg says too little",
  ]);
});

test("every link and every path in the documentation leads somewhere", () => {
  const docs = readDocs();
  expect(docs.length).toBeGreaterThan(docsMin);
  expect(linkOffences(docs)).toEqual([]);
});

test.each([
  ["a missing file", "[x](./absent.md)", "docs/planted.md: ./absent.md leads nowhere"],
  ["a missing image", "![x](../absent.png)", "docs/planted.md: ../absent.png leads nowhere"],
  ["a missing heading", "[x](#absent)", "docs/planted.md: #absent names no heading"],
  [
    "a missing heading of another page",
    "[x](../SECURITY.md#absent)",
    "docs/planted.md: ../SECURITY.md#absent names no heading",
  ],
  ["a missing test", "`tests/absent.test.ts`", "docs/planted.md: there is no tests/absent.test.ts"],
])("%s is found", (_what, text, offence) => {
  expect(linkOffences([{ path: "docs/planted.md", text }])).toEqual([offence]);
});

test("what leads somewhere, or is an example in code, is none", () => {
  const text = [
    "# A heading\n[x](#a-heading) [y](../SECURITY.md#what-is-supported) [z](https://foedus.dev)",
    "`[x](absent.md)`\n```\n[x](absent.md)\n```\n`server/capabilities/` `npm start`",
  ].join("\n");
  expect(linkOffences([{ path: "docs/planted.md", text }])).toEqual([]);
});
