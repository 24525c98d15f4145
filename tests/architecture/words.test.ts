import { file_foedus_page_v1_page } from "@foedus/gen/foedus/page/v1/page_pb.js";
import { expect, test } from "vitest";
import { planted } from "./planted.ts";
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

test("a word in the schema that names nothing is found", () => {
  const bad = planted(file_foedus_page_v1_page, (proto) => {
    const [message] = proto.messageType;
    const [field] = message?.field ?? [];
    if (message === undefined || field === undefined) throw new Error("no message");
    message.name = "PageInfo";
    field.name = "base_size";
  });
  expect(schemaWordOffences([bad])).toEqual([
    'foedus/page/v1/page.proto: PageInfo says "info"',
    'foedus/page/v1/page.proto: base_size says "base"',
  ]);
});
