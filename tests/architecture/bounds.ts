import type { DescField, DescFile } from "@bufbuild/protobuf";
import { getOption, hasOption, ScalarType } from "@bufbuild/protobuf";
import {
  field as rulesOption,
  type FieldRules,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { fieldsBelow, methodsOf } from "./schema.ts";
import type { Offence } from "./tree.ts";

/** Where something else than the schema's rules holds a request down. */
const boundElsewhere: ReadonlySet<string> = new Set([
  // Each is read as an Event, whose own rules bound it, and all together by request_bytes_max.
  "foedus.event.v1.Batch.events",
  // A peer's: of another length than 32 bytes it is refused, and the tree says how many there are.
  "foedus.event.v1.InclusionProof.path",
  // What the hub writes itself; nobody reads it from a request.
  "foedus.access.v1.AccessRule.id",
  "foedus.access.v1.AccessRule.created_by",
  // At most so many, and only compared.
  "foedus.identity.v1.ListIdentitiesRequest.node_ids",
]);

/** Texts, bytes and lists of requests that may be as large as the whole request. */
export function boundOffences(files: readonly DescFile[]): Offence[] {
  const fields = new Set(methodsOf(files).flatMap(({ input }) => fieldsBelow(input)));
  return [...fields]
    .filter((field) => !field.parent.typeName.startsWith("google."))
    .filter((field) => !boundElsewhere.has(nameOf(field)) && !isBound(field))
    .map((field) => `${nameOf(field)} has no limit`);
}

function nameOf(field: DescField): string {
  return `${field.parent.typeName}.${field.name}`;
}

function isBound(field: DescField): boolean {
  const rules = hasOption(field, rulesOption) ? getOption(field, rulesOption) : undefined;
  if (field.fieldKind === "map") {
    const map = rules?.type.case === "map" ? rules.type.value : undefined;
    return (map?.maxPairs ?? 0n) > 0n && textIsBound(map?.keys);
  }
  if (field.fieldKind !== "list") return !isText(field) || textIsBound(rules);
  const list = rules?.type.case === "repeated" ? rules.type.value : undefined;
  return (list?.maxItems ?? 0n) > 0n && (!isText(field) || textIsBound(list?.items));
}

function isText({ scalar }: DescField): boolean {
  return scalar === ScalarType.STRING || scalar === ScalarType.BYTES;
}

function textIsBound(rules: FieldRules | undefined): boolean {
  if (rules?.type.case === "bytes")
    return rules.type.value.maxLen > 0n || rules.type.value.len > 0n;
  if (rules?.type.case !== "string") return false;
  const { maxLen, len, pattern } = rules.type.value;
  return maxLen > 0n || len > 0n || (pattern !== "" && !endless.test(withoutClasses(pattern)));
}

/** What repeats without an end, outside of [classes]. */
const endless = /[*+]|\{\d+,\}/;

function withoutClasses(pattern: string): string {
  return pattern.replaceAll(/\[[^\]]*\]/g, "c");
}
