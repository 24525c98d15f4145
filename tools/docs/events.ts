import type { DescFile, DescMessage } from "@bufbuild/protobuf";
import { getOption, hasOption } from "@bufbuild/protobuf";
import { family, sensitive } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { fieldsTable, onThisPage, type LinkTo } from "./fields.ts";
import { anchor, code, page, plain, table, type Page } from "./markdown.ts";
import { commentOf, enumsOf, messagesOf } from "./schema.ts";

/** Every event family: who tells it, what it holds, and what of it never leaves a node. */
export function eventsPage(files: readonly DescFile[]): Page {
  const families = messagesOf(files).filter((message) => hasOption(message, family));
  const parts = partsOf(families);
  const onRpc = onThisPage([...messagesOf(files), ...enumsOf(files)].map(nameOf), "rpc.md");
  const here = onThisPage(parts.map(nameOf));
  const linkTo: LinkTo = (name) => here(name) ?? onRpc(name);
  const summary = "every event family: who tells it, its payload, what stays at home";
  return page("events.md", "Event families", summary, [
    `An event's \`type\` names one of these families, and its \`payload\` is the family's message, serialized.
How it is signed stands in [event.proto](../../proto/foedus/event/v1/event.proto) and, in three lines, in
[the recipe](../recipes/sign-an-event.md). A payload with an unknown field, or with a **sensitive** one, is
refused; the SDK leaves sensitive fields out by itself.`,
    table(
      ["family", "told by", "message", "sensitive fields"],
      families.map((message) => [
        `[${typeOf(message)}](#${anchor(typeOf(message))})`,
        tellerOf(message),
        code(message.name),
        sensitiveFields(message).map(code).join(", "),
      ]),
    ),
    ...families.flatMap((message) => [
      `## ${typeOf(message)}`,
      `${code(message.typeName)}, told by ${tellerOf(message)}. ${plain(commentOf(message))}`,
      fieldsTable(message, linkTo),
    ]),
    "## Parts of payloads",
    ...parts.flatMap((message) => [
      `### ${message.typeName}`,
      plain(commentOf(message)),
      fieldsTable(message, linkTo),
    ]),
  ]);
}

/** Messages of the same files that payloads are made of. */
function partsOf(families: readonly DescMessage[]): DescMessage[] {
  const files = [...new Set(families.map((message) => message.file))];
  return messagesOf(files).filter((message) => !hasOption(message, family));
}

function nameOf({ typeName }: { readonly typeName: string }): string {
  return typeName;
}

function typeOf(message: DescMessage): string {
  return getOption(message, family).type;
}

function tellerOf(message: DescMessage): string {
  return getOption(message, family).hubOnly ? "the hub" : "nodes";
}

/** Paths of the fields that stay at home, e.g. "last_commit.author". */
function sensitiveFields(message: DescMessage, seen: readonly DescMessage[] = []): string[] {
  if (seen.includes(message)) return [];
  return message.fields.flatMap((field) => {
    if (getOption(field, sensitive)) return [field.name];
    if (field.message === undefined) return [];
    const below = sensitiveFields(field.message, [...seen, message]);
    return below.map((name) => `${field.name}.${name}`);
  });
}
