import type { DescField, DescMessage, MessageShape } from "@bufbuild/protobuf";
import { clone, getOption, ScalarType } from "@bufbuild/protobuf";
import type { ReflectList, ReflectMap, ReflectMessage } from "@bufbuild/protobuf/reflect";
import { isReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { sensitive } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { redactedText } from "./sanitise.text.ts";

/**
 * A copy that may leave: without any field the schema marks sensitive, however deep; no text longer
 * than `textLengthMax`; and in each text what looks like somebody's address, number or secret
 * replaced by a word that says so. Where the message has a `sanitized` flag, it now is true,
 * whatever its author claimed.
 */
export function sanitised<Schema extends DescMessage>(
  schema: Schema,
  message: MessageShape<Schema>,
): MessageShape<Schema> {
  const copy = clone(schema, message);
  const open = reflect(schema, copy);
  clean(open);
  const flag = open.fields.find((field) => field.name === "sanitized");
  if (flag?.fieldKind === "scalar" && flag.scalar === ScalarType.BOOL) open.set(flag, true);
  return copy;
}

/** How long a text may be; the rest is cut off, and a sign of three dots says so. */
export const textLengthMax = 4_096;

/** A text that may leave, e.g. what an event is about. */
export function sanitisedText(text: string): string {
  const told = redactedText(text);
  if (told.length <= textLengthMax) return told;
  // A pair that the cut would halve goes as a whole.
  return `${told.slice(0, textLengthMax - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

function clean(message: ReflectMessage): void {
  for (const field of message.fields) {
    if (!message.isSet(field)) continue;
    if (getOption(field, sensitive)) message.clear(field);
    else if (field.fieldKind === "message") clean(message.get(field));
    else if (field.fieldKind === "list") cleanList(field, message.get(field));
    else if (field.fieldKind === "map") cleanMap(field, message.get(field));
    else if (field.scalar === ScalarType.STRING) {
      message.set(field, textOf(field, message.get(field)));
    }
  }
}

function cleanList(field: DescField, list: ReflectList): void {
  for (const [at, item] of [...list].entries()) {
    if (isReflectMessage(item)) clean(item);
    else if (typeof item === "string") list.set(at, textOf(field, item));
  }
}

/** Keys are texts as well. */
function cleanMap(field: DescField, map: ReflectMap): void {
  for (const [key, value] of Array.from(map)) {
    if (isReflectMessage(value)) clean(value);
    const told = typeof value === "string" ? textOf(field, value) : value;
    const name = typeof key === "string" ? textOf(field, key) : key;
    if (name !== key) map.delete(key);
    map.set(name, told);
  }
}

/** Digests look like secrets; where the schema expects one, one may stand, and nothing else. */
function textOf(field: DescField, text: unknown): string {
  if (typeof text !== "string") throw new Error(`${field.toString()} is no text`);
  return digestNames.has(field.name) && digestShape.test(text) ? text : sanitisedText(text);
}

const digestNames: ReadonlySet<string> = new Set([
  "digest",
  "hash",
  "ca_hash",
  "fingerprint",
  "certificate_serial",
]);

/** sha1 to sha512 in hex, or sha256 in base64url. */
const digestShape = /^(?:[0-9a-f]{32,128}|[\w-]{43})$/i;
