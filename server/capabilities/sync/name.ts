import { cellKey } from "@foedus/kernel/sync/op.ts";

const surrogate = /[\ud800-\udfff]/;
const bytesPerUnit = 3;

/**
 * The key of a cell as the bytes its row sorts by. The core compares keys as JavaScript compares
 * strings, unit by unit of UTF-16; the bytes of UTF-8 sort otherwise above U+FFFF, so surrogates
 * are written each by itself (CESU-8).
 */
export function nameOf(key: string): Buffer {
  if (!surrogate.test(key)) return Buffer.from(key, "utf8");
  const bytes = Buffer.alloc(key.length * bytesPerUnit);
  let end = 0;
  for (let at = 0; at < key.length; at++) end = writeUnit(bytes, end, key.charCodeAt(at));
  return bytes.subarray(0, end);
}

const surrogateLead = 0xed;

/** The key that a name stands for. */
export function keyOfName(name: Buffer): string {
  if (!name.includes(surrogateLead)) return name.toString("utf8");
  const units: number[] = [];
  for (let at = 0; at < name.length;) {
    const first = name[at] ?? 0;
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : bytesPerUnit;
    units.push(readUnit(name, at, length));
    at += length;
  }
  return textOf(units);
}

/** The record and the field in a cell's key. */
export function placeOfKey(key: string): { readonly record: string; readonly field: string } {
  const zero = key.indexOf("\u0000");
  return { record: key.slice(0, zero), field: key.slice(zero + 1) };
}

/** Where the names of a record's cells begin, and what comes after all of them. */
export function rangeOf(record: string): { readonly from: Buffer; readonly to: Buffer } {
  const from = nameOf(cellKey({ record, field: "" }));
  const to = Buffer.from(from);
  to[to.length - 1] = 1;
  return { from, to };
}

function writeUnit(bytes: Buffer, at: number, unit: number): number {
  if (unit < 0x80) {
    bytes[at] = unit;
    return at + 1;
  }
  if (unit < 0x800) {
    bytes[at] = 0xc0 | (unit >> 6);
    bytes[at + 1] = 0x80 | (unit & 0x3f);
    return at + 2;
  }
  bytes[at] = 0xe0 | (unit >> 12);
  bytes[at + 1] = 0x80 | ((unit >> 6) & 0x3f);
  bytes[at + 2] = 0x80 | (unit & 0x3f);
  return at + bytesPerUnit;
}

function readUnit(bytes: Uint8Array, at: number, length: number): number {
  const [one, two, three] = [bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0];
  if (length === 1) return one;
  if (length === 2) return ((one & 0x1f) << 6) | (two & 0x3f);
  return ((one & 0x0f) << 12) | ((two & 0x3f) << 6) | (three & 0x3f);
}

const unitsMax = 4_096;

function textOf(units: readonly number[]): string {
  let text = "";
  for (let at = 0; at < units.length; at += unitsMax) {
    text += String.fromCharCode(...units.slice(at, at + unitsMax));
  }
  return text;
}
