import { fileURLToPath } from "node:url";
import { getOption, hasOption } from "@bufbuild/protobuf";
import { files } from "@foedus/gen/foedus/files.js";
import { family } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { allReasons, reasonName } from "@foedus/kernel/fault.ts";
import { beforeAll, expect, test } from "vitest";
import { configFields } from "../../server/runtime/config/fields.ts";
import { gatherThirdParty } from "../gen/third-party.ts";
import { anchor, plain, table } from "./markdown.ts";
import { referencePages } from "./reference.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
let pages: ReadonlyMap<string, string>;
beforeAll(() => {
  gatherThirdParty(root);
  pages = new Map(referencePages(root).map(({ file, text }) => [file, text]));
});

function linesOf(file: string): Set<string> {
  return new Set(pages.get(file)?.split("\n"));
}

test("every reason, family and method has its own heading", () => {
  const reasons = allReasons().map((reason) => `## ${reasonName(reason)}`);
  const messages = files.flatMap((file) => file.messages);
  const families = messages.filter((message) => hasOption(message, family));
  const services = files.flatMap((file) => file.services);
  const methods = services.flatMap(({ name, methods }) =>
    methods.map((method) => `### ${name}/${method.name}`),
  );
  expect(reasons.length * families.length * methods.length).toBeGreaterThan(0);
  expect(reasons.filter((line) => !linesOf("reasons.md").has(line))).toEqual([]);
  expect(methods.filter((line) => !linesOf("rpc.md").has(line))).toEqual([]);
  const types = families.map((message) => `## ${getOption(message, family).type}`);
  expect(types.filter((line) => !linesOf("events.md").has(line))).toEqual([]);
});

test("every field of the config has a row", () => {
  const rows = [...linesOf("config.md")].filter((line) => line.startsWith("| `"));
  expect(rows.map((line) => line.split("`")[1])).toEqual(configFields.map(({ name }) => name));
});

test("nothing that the schema describes is without a comment", () => {
  const rows = [...pages.values()].flatMap((text) => text.split("\n"));
  expect(rows.filter((line) => /^\| `.*\|\s+\|$/.test(line))).toEqual([]);
});

test("a policy, a rule and a sensitive field are told where they apply", () => {
  const rpc = pages.get("rpc.md") ?? "";
  const enroll = "[IdentityService/Enroll](#identityserviceenroll)";
  expect(rpc).toContain(`| ${enroll} | join | joiner | none | WRITE | \`join\` |`);
  expect(rpc).toContain("| `token` | `string` | **sensitive**, `max_len 256` | The whole token;");
  expect(pages.get("events.md")).toContain("`last_commit.author`");
});

test("words of the schema are no markup, and break no table", () => {
  expect(plain("id is `<stream>|x`, <b>not</b> a|b or *c*")).toBe(
    "id is `<stream>\\|x`, \\<b\\>not\\</b\\> a\\|b or \\*c\\*",
  );
  expect(table(["a"], [["1"], ["2"]])).toBe("| a |\n| --- |\n| 1 |\n| 2 |");
});

test("headings are found as GitHub names them", () => {
  expect(anchor("NOT_YOURS")).toBe("not_yours");
  expect(anchor("IdentityService/Enroll")).toBe("identityserviceenroll");
  expect(anchor("Parts of payloads")).toBe("parts-of-payloads");
});
