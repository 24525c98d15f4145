import type { DescMessage } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { WireCursor, WireError } from "./cursor.ts";
import { fieldRule, WireType, wireTypeOf, type FieldRule } from "./rule.ts";

/** Why bytes are not exactly what a schema says. */
export interface WireOffence {
  /** The field that must stay at home; undefined when the bytes are wrong in another way. */
  readonly sensitiveField: string | undefined;
  readonly problem: string;
}

const depthMax = 32;

/**
 * Reads bytes as strictly as they can be: no unknown field, no field twice that is not repeated, no
 * number longer than it must be, no bad UTF-8. A parser takes all of these, and each could carry
 * what the schema forbids past everybody who looks at the parsed message only. Undefined when all
 * is well.
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
  const seen = new Slots();
  while (!cursor.atEnd()) {
    const tag = cursor.uint32();
    const rule = fieldRule(schema, tag >>> 3);
    if (rule === undefined) throw new WireError(`${path}${tag >>> 3} is not in the schema`);
    if (rule.sensitive) throw new SensitiveError(path + rule.name);
    if (!seen.take(rule.slot) && !rule.repeated) throw offence(path, rule, "comes twice");
    readField(rule, tag & 7, cursor, path, depth);
  }
}

/** Which fields a message had; the first ones, which are all that most have, as bits. */
class Slots {
  #bits = 0;
  #others: Set<number> | undefined;

  /** Whether it was free until now. */
  take(slot: number): boolean {
    if (slot >= bitsMax) {
      this.#others ??= new Set();
      return !this.#others.has(slot) && this.#others.add(slot).has(slot);
    }
    const free = (this.#bits & (1 << slot)) === 0;
    this.#bits |= 1 << slot;
    return free;
  }
}

const bitsMax = 31;

function readField(
  rule: FieldRule,
  wireType: number,
  cursor: WireCursor,
  path: string,
  depth: number,
): void {
  if (rule.message !== undefined) {
    if (wireType !== WireType.delimited) throw offence(path, rule, "is not a message");
    return readMessage(rule.message, cursor.part(), `${path}${rule.name}.`, depth - 1);
  }
  if (wireType === rule.wireType) return readScalar(rule, cursor, path);
  const packed = rule.repeated && wireType === WireType.delimited;
  if (!packed) throw offence(path, rule, "is of another type");
  const part = cursor.part();
  while (!part.atEnd()) readScalar(rule, part, path);
}

function readScalar(rule: FieldRule, cursor: WireCursor, path: string): void {
  const { scalar } = rule;
  switch (wireTypeOf(scalar)) {
    case WireType.fixed64:
      return cursor.skip(8);
    case WireType.fixed32:
      return cursor.skip(4);
    case WireType.delimited:
      if (scalar !== ScalarType.STRING) return cursor.skip(cursor.uint32());
      if (!cursor.text()) throw offence(path, rule, "is not UTF-8");
      return;
    default:
      if (!fits(scalar, cursor.uint64())) throw offence(path, rule, "is out of its range");
  }
}

function offence(path: string, rule: FieldRule, problem: string): WireError {
  return new WireError(`${path}${rule.name} ${problem}`);
}

const uint32Max = 2 ** 32 - 1;
const int32Max = 2 ** 31 - 1;
/** A negative int32 goes over the wire as if it had 64 bits. */
const negativeInt32Min = 2n ** 64n - 2n ** 31n;

function fits(scalar: ScalarType, value: number | bigint): boolean {
  switch (scalar) {
    case ScalarType.BOOL:
      return value <= 1;
    case ScalarType.INT32:
      return value <= int32Max || value >= negativeInt32Min;
    case ScalarType.UINT32:
    case ScalarType.SINT32:
      return value <= uint32Max;
    default:
      return true;
  }
}
