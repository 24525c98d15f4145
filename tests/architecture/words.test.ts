import { expect, test } from "vitest";
import { readSchemaFiles } from "./schema.ts";
import { readSources } from "./tree.ts";
import { schemaWordOffences, wordOffences } from "./words.ts";

test("no name says nothing", async () => {
  expect(wordOffences(readSources())).toEqual([]);
  expect(schemaWordOffences(await readSchemaFiles())).toEqual([]);
});

test.each([
  ["server/node.helper.ts", "", "helper"],
  ["server/utils/node.ts", "", "utils"],
  ["server/a.ts", "export function nodeManager() {}", "manager"],
  ["server/a.ts", "class EventProcessor {}", "processor"],
  ["server/a.ts", "const baseUrl = 1;", "base"],
  ["server/a.ts", "interface NodeDTO {}", "dto"],
  ["server/a.ts", "type HTTPHandler = () => void;", "handler"],
])("%s with `%s` says %s", (path, text, word) => {
  const offences = wordOffences([{ path, text }]);
  expect(offences).toHaveLength(1);
  expect(offences[0]).toContain(`"${word}"`);
});

test.each([
  "function database() {}",
  "function information() {}",
  "function fromBase64url() {}",
  "function f() { const { data } = query(); }",
  "export interface Service {}",
])("`%s` is fine", (text) => {
  expect(wordOffences([{ path: "server/a.ts", text }])).toEqual([]);
});
