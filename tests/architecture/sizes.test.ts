import { expect, test } from "vitest";
import { sizeOffences } from "./sizes.ts";
import { readSchemas, readSources, type Source } from "./tree.ts";

test("files, functions and lines are short", () => {
  expect(sizeOffences([...readSources(), ...readSchemas()])).toEqual([]);
});

function file(path: string, lines: number): Source {
  return { path, text: "x;\n".repeat(lines) };
}

/** Enough short files that one long file does not change the spread. */
const short = Array.from({ length: 20 }, (_, at) => file(`server/short${at}.ts`, 10));

test.each([
  ["server/planted.ts", 300, 301],
  ["server/planted.test.ts", 400, 401],
  ["tests/planted.ts", 400, 401],
  ["proto/planted.proto", 350, 351],
])("%s may have %i lines, not %i", (path, most, more) => {
  expect(sizeOffences([...short, file(path, most)])).toEqual([]);
  expect(sizeOffences([...short, file(path, more)])).toEqual([
    `${path}: ${more} lines, at most ${most}`,
  ]);
});

test("many middling files are an offence, one is not", () => {
  expect(sizeOffences([...short, file("server/a.ts", 200)])).toEqual([]);
  const middling = Array.from({ length: 3 }, (_, at) => file(`server/middling${at}.ts`, 200));
  expect(sizeOffences([...short, ...middling])).toEqual([
    "90 % of the files have up to 200 lines, at most 180",
  ]);
  const all = Array.from({ length: 3 }, (_, at) => file(`server/all${at}.ts`, 81));
  expect(sizeOffences(all)).toEqual(["the median file has 81 lines, at most 80"]);
});

test.each([
  ["function planted() {", "}"],
  ["const planted = () => {", "};"],
  ["const planted = { method() {", "} };"],
])("a long function is found: %s", (head, end) => {
  const planted = (lines: number) => ({
    path: "server/planted.ts",
    text: `${head}\n${"x;\n".repeat(lines - 2)}${end}\n`,
  });
  expect(sizeOffences([...short, planted(50)])).toEqual([]);
  expect(sizeOffences([...short, planted(51)])).toEqual([
    "server/planted.ts:1: a function of 51 lines, at most 50",
  ]);
});

test("a line over 100 columns is found, unless it holds what cannot be broken", () => {
  const words = `// ${"word ".repeat(20)}`;
  const code = `call(${"name, ".repeat(20)});`;
  const link = `// https://example.com/${"a".repeat(100)}`;
  const name = `test("${"word ".repeat(20)}", act);`;
  const text = [words, code, link, name].join("\n");
  expect(sizeOffences([...short, { path: "server/a.ts", text }])).toEqual([
    "server/a.ts:1: 103 columns",
    "server/a.ts:2: 127 columns",
  ]);
});
