import { type DescField, isMessage, type Message, ScalarType } from "@bufbuild/protobuf";
import { isReflectMessage, reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import {
  FeatureSet_FieldPresence as Presence,
  timestampMs,
  TimestampSchema,
} from "@bufbuild/protobuf/wkt";
import { localTime } from "../../parts/clock.ts";
import { families } from "../../parts/families.ts";
import { bytesText, clip, countText, hexText, unknown } from "../../parts/measure.ts";
import { spanText } from "../../parts/span.ts";

/** A value, and what it is. */
export interface PayloadFact {
  readonly name: string;
  readonly text: string;
}

/** Many things of one kind. */
export interface PayloadTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many more there are. */
  readonly more: number;
}

/** A payload as a person reads it. */
export interface PayloadRows {
  readonly facts: readonly PayloadFact[];
  readonly tables: readonly PayloadTable[];
}

const rowsMax = 100;
const wordsMax = 20;
const textMax = 400;

/** Reads a payload by its descriptor, whichever family it is of. */
export function rowsOf(type: string, message: Message): PayloadRows {
  const schema = families.get(type);
  return schema === undefined ? { facts: [], tables: [] } : read(reflect(schema, message), "");
}

/** The same in short: of many things only how many there are. */
export function outlineOf(type: string, message: Message): PayloadRows {
  const schema = families.get(type);
  return schema === undefined
    ? { facts: [], tables: [] }
    : read(reflect(schema, message), "", countOf);
}

function countOf(name: string, items: readonly ReflectMessage[]): PayloadTable[] {
  return items.length === 0 ? [] : [{ name, columns: [], rows: [], more: items.length }];
}

function read(message: ReflectMessage, above: string, listed = tableOf): PayloadRows {
  const facts: PayloadFact[] = [];
  const tables: PayloadTable[] = [];
  for (const field of message.fields) {
    const name = `${above}${titleOf(field)}`;
    if (field.fieldKind === "list" && field.listKind === "message") {
      tables.push(...listed(name, messagesIn(message.get(field))));
    } else if (field.fieldKind === "message" && message.isSet(field) && !isInstant(field)) {
      const inner = read(message.get(field), `${name}, `, listed);
      facts.push(...inner.facts);
      tables.push(...inner.tables);
    } else {
      facts.push({ name, text: textOf(message, field) });
    }
  }
  return { facts, tables };
}

function messagesIn(items: Iterable<unknown>): ReflectMessage[] {
  return Array.from(items).filter((item) => isReflectMessage(item));
}

/** What is empty says nothing that its absence does not. */
function tableOf(name: string, items: readonly ReflectMessage[]): PayloadTable[] {
  const rows = items.slice(0, rowsMax).map((item) => read(item, "").facts);
  const columns = [...new Set(rows.flatMap((facts) => facts.map((fact) => fact.name)))];
  if (rows.length === 0) return [];
  const inOrder = (facts: readonly PayloadFact[]) => {
    const texts = new Map(facts.map((fact) => [fact.name, fact.text]));
    return columns.map((column) => texts.get(column) ?? unknown);
  };
  return [{ name, columns, rows: rows.map(inOrder), more: items.length - rows.length }];
}

/** Unset is unknown, and never a zero. */
function textOf(message: ReflectMessage, field: DescField): string {
  if (field.presence === Presence.EXPLICIT && !message.isSet(field)) return unknown;
  if (field.fieldKind === "list") return listText([...message.get(field)].map(plainText));
  const value: unknown = message.get(field);
  if (field.fieldKind === "enum" && typeof value === "number") {
    const { localName = String(value) } = field.enum.value[value] ?? {};
    return localName.toLowerCase().replaceAll("_", " ");
  }
  if (isReflectMessage(value)) return instantText(value);
  return numberText(field, value) ?? plainText(value);
}

function isInstant({ message }: DescField): boolean {
  return message?.typeName === TimestampSchema.typeName;
}

function instantText({ message }: ReflectMessage): string {
  return isMessage(message, TimestampSchema) ? localTime(timestampMs(message), "full") : unknown;
}

/** Figures by the unit that their name ends in; undefined for what is none. */
function numberText({ name, scalar }: DescField, value: unknown): string | undefined {
  if (typeof value !== "number" && typeof value !== "bigint") return undefined;
  if (name.endsWith("_bytes")) return bytesText(value);
  if (shares.has(name)) return `${Number((Number(value) * 100).toFixed(1))} %`;
  const isFraction = scalar === ScalarType.DOUBLE || scalar === ScalarType.FLOAT;
  if (!name.endsWith("_ms")) return isFraction ? decimalText(Number(value)) : countText(value);
  if (isFraction) return `${decimalText(Number(value))} ms`;
  if (Number(value) === 0) return unknown;
  if (Number(value) >= instantMinMs) return localTime(Number(value), "full");
  return Number(value) < longMs ? `${countText(value)} ms` : spanText(Number(value));
}

/** 0 to 1, which people read as a share of a hundred. */
const shares: ReadonlySet<string> = new Set(["weight", "confidence", "strength"]);

/** From here on, nobody counts in milliseconds. */
const longMs = 10_000;

/** No span that anybody tells is so long, and no instant so early (1973). */
const instantMinMs = 1e11;

function decimalText(value: number): string {
  return String(Number(value.toFixed(2)));
}

function plainText(value: unknown): string {
  if (value instanceof Uint8Array) return clip(hexText(value.subarray(0, textMax)), textMax);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "bigint" || typeof value === "number") return countText(value);
  return typeof value === "string" && value !== "" ? clip(value, textMax) : "none";
}

function listText(words: readonly string[]): string {
  if (words.length === 0) return "none";
  const more = words.length > wordsMax ? ` and ${countText(words.length - wordsMax)} more` : "";
  // Sentences end by themselves; names need something between them.
  const between = words.every((word) => word.endsWith(".")) ? " " : ", ";
  return words.slice(0, wordsMax).join(between) + more;
}

/** "average_latency_ms" as "average latency". */
function titleOf({ name }: DescField): string {
  return name.replace(/_(?:ms|bytes)$/u, "").replaceAll("_", " ");
}
