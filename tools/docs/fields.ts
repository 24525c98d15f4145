// Fields of messages as tables: name, type, rules, meaning.
import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { getOption, hasOption, ScalarType, toJson } from "@bufbuild/protobuf";
import type { JsonValue } from "@bufbuild/protobuf";
import {
  field as rulesOption,
  FieldRulesSchema,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { sensitive } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { anchor, code, jsonText, plain, table } from "./markdown.ts";
import { commentOf } from "./schema.ts";

/** Where types of ours are described, seen from the page that names them. */
export type LinkTo = (typeName: string) => string | undefined;

/** The fields of a message; a sentence when it has none. */
export function fieldsTable(message: DescMessage, linkTo: LinkTo): string {
  if (message.fields.length === 0) return "No fields.";
  const rows = message.fields.map((field) => [
    code(field.name),
    typeText(field, linkTo),
    rulesText(field),
    plain(commentOf(field)),
  ]);
  return table(["field", "type", "rules", "meaning"], rows);
}

/** "repeated string", or a link to the message or enum it is of. */
export function typeText(field: DescField, linkTo: LinkTo): string {
  const named = field.message ?? field.enum;
  const name = named === undefined ? code(scalarName(field)) : linked(named.typeName, linkTo);
  if (field.fieldKind === "map") return `map of ${name}`;
  return field.fieldKind === "list" ? `repeated ${name}` : name;
}

/** A type's name, with a link where it is described. */
export function linked(typeName: string, linkTo: LinkTo): string {
  const short = typeName.replace(/^foedus\.[^.]+\.v1\./, "").replace(/^google\.protobuf\./, "");
  const link = linkTo(typeName);
  return link === undefined ? code(short) : `[${code(short)}](${link})`;
}

/** Links to headings of the same page that are type names. */
export function onThisPage(typeNames: Iterable<string>, file = ""): LinkTo {
  const known = new Set(typeNames);
  return (typeName) => (known.has(typeName) ? `${file}#${anchor(typeName)}` : undefined);
}

/** What a field must be like, e.g. "min_len 8, max_len 64". */
export function rulesText(field: DescField): string {
  const rules = hasOption(field, rulesOption)
    ? flat(toJson(FieldRulesSchema, getOption(field, rulesOption), { useProtoFieldName: true }))
    : [];
  const words = [
    ...(field.oneof === undefined ? [] : [`one of ${code(field.oneof.name)}`]),
    ...(isOptional(field) ? ["may be unset"] : []),
    ...(getOption(field, sensitive) ? ["**sensitive**"] : []),
    ...rules.toSorted((one, other) => rank(one) - rank(other)).map(code),
  ];
  return words.join(", ");
}

/** From least to most, as one reads a span. */
function rank(rule: string): number {
  if (/^(each )?(gte?|min)/.test(rule)) return 0;
  return /^(each )?(lte?|max)/.test(rule) ? 1 : 2;
}

/** `optional` in the schema: unset is told from 0. */
function isOptional(field: DescField): boolean {
  return field.proto.proto3Optional;
}

/** `{string: {min_len: "8"}}` as "min_len 8"; the kind is the field's own and says nothing. */
function flat(json: JsonValue): string[] {
  if (json === null || typeof json !== "object" || Array.isArray(json)) return [];
  return Object.entries(json).flatMap(([name, value]) => {
    if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      return flat(value).map((rule) => (name === "items" ? `each ${rule}` : rule));
    }
    return [value === true ? name : `${name} ${jsonText(value)}`];
  });
}

function scalarName(field: DescField): string {
  if (field.scalar === undefined) throw new Error(`${field.name} has no type`);
  return ScalarType[field.scalar].toLowerCase();
}
