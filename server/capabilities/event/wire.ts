import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { ScalarType, getOption } from "@bufbuild/protobuf";
import { sensitive } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { WireCursor, WireError } from "./cursor.ts";

/** Why bytes are not exactly what a schema says. */
export interface WireOffence {
  /** The field that must stay at home; undefined when the bytes are wrong in another way. */
  readonly sensitiveField: string | undefined;
  readonly problem: string;
}

const varint = 0;
const fixed64 = 1;
const delimited = 2;
const fixed32 = 5;
const depthMax = 32;

/**
 * Reads bytes as strictly as they can be: no unknown field, no field twice that is not repeated,
 * no number longer than it must be, no bad UTF-8. A parser takes all of these, and each could
 * carry what the schema forbids past everybody who looks at the parsed message only. Undefined
 * when all is well.
 */
export function wireOffence(schema: DescMessage, bytes: Uint8Array): WireOffence | undefined {
  try {
    readMessage(schema, new WireCursor(bytes), "", depthMax);
    return undefined;
  } catch (error) {
    if (error instanceof SensitiveError) {
      return { sensitiveField: error.message, problem: "it is sensitive" };
    }
    if (error instanceof WireError) return { sensitiveField: undefined, problem: error.message };
    throw error;
  }
}

class SensitiveError extends Error {}

function readMessage(schema: DescMessage, cursor: WireCursor, path: string, depth: number): void {
  if (depth === 0) throw new WireError(`${path} is nested too deep`);
  const seen = new Set<unknown>();
  while (!cursor.atEnd()) {
    const tag = cursor.uint32();
    const field = fieldOf(schema, tag >>> 3);
    if (field === undefined) throw new WireError(`${path}${tag >>> 3} is not in the schema`);
    const name = `${path}${field.name}`;
    if (getOption(field, sensitive)) throw new SensitiveError(name);
    // Two members of a oneof overwrite each other like the same field twice.
    const slot = field.oneof ?? field;
    if (field.fieldKind !== "list" && seen.has(slot)) throw new WireError(`${name} comes twice`);
    seen.add(slot);
    readField(field, tag & 7, cursor, name, depth);
  }
}

const fields = new WeakMap<DescMessage, ReadonlyMap<number, DescField>>();

function fieldOf(schema: DescMessage, number: number): DescField | undefined {
  const known = fields.get(schema) ?? new Map(schema.fields.map((field) => [field.number, field]));
  fields.set(schema, known);
  return known.get(number);
}

function readField(
  field: DescField,
  wireType: number,
  cursor: WireCursor,
  name: string,
  depth: number,
): void {
  if (field.fieldKind === "map") throw new WireError(`${name} is a map, which can hide entries`);
  if (field.message !== undefined) {
    if (wireType !== delimited) throw new WireError(`${name} is not a message`);
    return readMessage(field.message, cursor.part(), `${name}.`, depth - 1);
  }
  const scalar = field.fieldKind === "enum" || field.enum ? ScalarType.INT32 : field.scalar;
  if (scalar === undefined) throw new WireError(`${name} has no type`);
  const wanted = wireTypeOf(scalar);
  if (wireType === wanted) return readScalar(scalar, cursor, name);
  const packed = field.fieldKind === "list" && wireType === delimited;
  if (!packed) throw new WireError(`${name} is of another type`);
  const part = cursor.part();
  while (!part.atEnd()) readScalar(scalar, part, name);
}

function wireTypeOf(scalar: ScalarType): number {
  switch (scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return delimited;
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return fixed64;
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return fixed32;
    default:
      return varint;
  }
}

function readScalar(scalar: ScalarType, cursor: WireCursor, name: string): void {
  switch (wireTypeOf(scalar)) {
    case fixed64:
      return cursor.skip(8);
    case fixed32:
      return cursor.skip(4);
    case delimited:
      if (scalar === ScalarType.STRING) return cursor.text(name);
      return void cursor.part();
    default:
      if (!fits(scalar, cursor.uint64())) throw new WireError(`${name} is out of its range`);
  }
}

const uint32Max = 2n ** 32n - 1n;
const int32Max = 2n ** 31n - 1n;
/** A negative int32 goes over the wire as if it had 64 bits. */
const negativeInt32Min = 2n ** 64n - 2n ** 31n;

function fits(scalar: ScalarType, value: bigint): boolean {
  switch (scalar) {
    case ScalarType.BOOL:
      return value <= 1n;
    case ScalarType.INT32:
      return value <= int32Max || value >= negativeInt32Min;
    case ScalarType.UINT32:
    case ScalarType.SINT32:
      return value <= uint32Max;
    default:
      return true;
  }
}
