import type { DescEnumValue, DescFile } from "@bufbuild/protobuf";
import { getOption } from "@bufbuild/protobuf";
import { explain } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { anchor, code, page, plain, table, type Page } from "./markdown.ts";
import { commentOf, enumsOf } from "./schema.ts";

const prefix = "REASON_";

/** Every reason a call can fail for. Clients find theirs by the heading. */
export function reasonsPage(files: readonly DescFile[]): Page {
  const reasons = enumsOf(files).find((each) => each.typeName === "foedus.fault.v1.Reason");
  if (reasons === undefined) throw new Error("the schema has no enum foedus.fault.v1.Reason");
  const sent = reasons.values.filter((value) => value.number !== 0);
  const rows = sent.map((value) => [
    `[${nameOf(value)}](#${anchor(nameOf(value))})`,
    code(getOption(value, explain).code),
    plain(commentOf(value)),
  ]);
  const summary = "why a call fails: what it means, what brings it about, what mends it";
  return page("reasons.md", "Reasons", summary, [
    `A failure that a caller can act on carries a \`google.rpc.ErrorInfo\` of the domain \`foedus.dev\`
whose \`reason\` is one of these; the names in braces are in its metadata. \`foedus explain REASON\`
says the same. There are ${sent.length}.`,
    table(["reason", "status", "in short"], rows),
    ...sent.flatMap(section),
  ]);
}

function section(value: DescEnumValue): string[] {
  const { code: status, template, cause, fix } = getOption(value, explain);
  return [
    `## ${nameOf(value)}`,
    `${code(status)}, number ${value.number}. ${plain(commentOf(value))}`,
    `> ${plain(template)}`,
    `- **Why:** ${plain(cause)}\n- **To mend it:** ${plain(fix)}`,
  ];
}

function nameOf(value: DescEnumValue): string {
  return value.name.replace(prefix, "");
}
