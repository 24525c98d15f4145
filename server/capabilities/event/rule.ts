import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { ScalarType, getOption } from "@bufbuild/protobuf";
import { sensitive } from "@foedus/gen/foedus/options/v1/options_pb.js";

/** What stands on the wire before a value. */
export const WireType = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const;

/** What a strict reader has to know of a field, worked out once. */
export interface FieldRule {
  readonly name: string;
  readonly sensitive: boolean;
  readonly repeated: boolean;
  /** Members of a oneof share one: they overwrite each other like the same field twice. */
  readonly slot: number;
  /** Undefined for a field of a scalar type. */
  readonly message: DescMessage | undefined;
  /** An enum is read as what it is on the wire. */
  readonly scalar: ScalarType;
  readonly wireType: number;
}

const rules = new WeakMap<DescMessage, ReadonlyMap<number, FieldRule>>();

/** The rule of a field by its number; undefined when the schema has none. */
export function fieldRule(schema: DescMessage, number: number): FieldRule | undefined {
  let known = rules.get(schema);
  if (known === undefined) {
    known = new Map(schema.fields.map((field) => [field.number, ruleOf(field)]));
    rules.set(schema, known);
  }
  return known.get(number);
}

/** Works out the rules of a message and of all within it, so that a schema we cannot read shows. */
export function readRules(schema: DescMessage, seen = new Set<DescMessage>()): void {
  if (seen.has(schema)) return;
  seen.add(schema);
  for (const { number } of schema.fields) {
    const inner = fieldRule(schema, number)?.message;
    if (inner !== undefined) readRules(inner, seen);
  }
}

/** How a scalar is written when it is not packed. */
export function wireTypeOf(scalar: ScalarType): number {
  switch (scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return WireType.delimited;
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return WireType.fixed64;
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return WireType.fixed32;
    default:
      return WireType.varint;
  }
}

/** @throws for a map: the same key twice would hide the first, and no family needs one. */
function ruleOf(field: DescField): FieldRule {
  if (field.fieldKind === "map") throw new Error(`${field.toString()} is a map`);
  const scalar = field.scalar ?? ScalarType.INT32;
  return {
    name: field.name,
    sensitive: getOption(field, sensitive),
    repeated: field.fieldKind === "list",
    slot: field.parent.fields.indexOf(field.oneof?.fields[0] ?? field),
    message: field.message,
    scalar,
    wireType: wireTypeOf(scalar),
  };
}
