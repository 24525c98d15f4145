import { setExtension, getExtension } from "@bufbuild/protobuf";
import {
  field as rulesOption,
  type FieldRules,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { file_foedus_link_v1_link_service as file } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { expect, test } from "vitest";
import { boundOffences } from "./bounds.ts";
import { planted } from "./planted.ts";
import { readSchemaFiles } from "./schema.ts";

test("every text, every bytes and every list of a request has a limit", async () => {
  expect(boundOffences(await readSchemaFiles())).toEqual([]);
});

/** The service with the rules of one field of AddPeerRequest changed. */
function withRules(name: string, change: (rules: Rules) => void) {
  return planted(file, (proto) => {
    const request = proto.messageType.find((each) => each.name === "AddPeerRequest");
    const options = request?.field.find((each) => each.name === name)?.options;
    if (options === undefined) throw new Error(`${name} has no rules`);
    const rules = getExtension(options, rulesOption);
    change(rules);
    setExtension(options, rulesOption, rules);
  });
}

type Rules = FieldRules;

test.each<[string, string, (rules: Rules) => void]>([
  ["a text without one", "invitation", (rules) => (rules.type = { case: undefined })],
  ["a list without one", "told_types", (rules) => unlimited(rules)],
  ["texts of a list without one", "taken_types", (rules) => unlimitedItems(rules)],
  ["a pattern without an end", "invitation", (rules) => pattern(rules, "^[a-z]+$")],
])("%s is found", (_, name, change) => {
  expect(boundOffences([withRules(name, change)])).toEqual([
    `foedus.link.v1.AddPeerRequest.${name} has no limit`,
  ]);
});

test("a pattern that ends is a limit, whatever its classes hold", () => {
  const fine = withRules("invitation", (rules) => pattern(rules, "^[*+a-z]{1,9}(x[+]){0,3}$"));
  expect(boundOffences([fine])).toEqual([]);
});

function unlimited({ type }: Rules): void {
  if (type.case === "repeated") type.value.maxItems = 0n;
}

function unlimitedItems({ type }: Rules): void {
  if (type.case === "repeated") delete type.value.items;
}

function pattern({ type }: Rules, text: string): void {
  if (type.case !== "string") throw new Error("it is no text");
  type.value.maxLen = 0n;
  type.value.pattern = text;
}
