// Takes the comments of HubConfig's fields along to where the running hub can print them.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const schema = "proto/foedus/config/v1/config.proto";
const target = "server/runtime/config/comments.ts";

/** Writes the table anew, below another folder. */
export function writeConfigComments(root: string, into: string): void {
  mkdirSync(dirname(join(into, target)), { recursive: true });
  writeFileSync(join(into, target), printComments(readFileSync(join(root, schema), "utf8")));
}

/** The table as it should stand, from the text of the schema. */
export function printComments(proto: string): string {
  const rows = [...proto.matchAll(/((?: {2}\/\/ .*\n)+) {2}(?:repeated )?\w+ (\w+) = \d+/g)].map(
    ([, comment = "", name = ""]) => {
      const words = comment.split("\n").map((line) => line.replace(/^ *\/\/ ?/, ""));
      const text = quote(words.join(" ").trim());
      const line = `  ${name}: ${text},`;
      return line.length > 100 ? `  ${name}:\n    ${text},` : line;
    },
  );
  return `${[
    "// Made by tools/gen/config.ts from proto/foedus/config/v1/config.proto.",
    "",
    "/** What each field of the config is. */",
    "export const configComments: Readonly<Record<string, string>> = {",
    ...rows,
    "};",
  ].join("\n")}\n`;
}

/** As the formatter would. */
function quote(text: string): string {
  return text.includes('"') ? `'${text.replaceAll("'", "\\'")}'` : JSON.stringify(text);
}
