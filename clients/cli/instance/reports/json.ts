import { ReportError } from "./report.ts";

/** A JSON object whose fields nobody has looked at yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Parses a text. @throws ReportError in words of our own: a parser's would quote the text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.startsWith("\ufeff") ? text.slice(1) : text);
  } catch {
    throw new ReportError("it is not JSON");
  }
}

/** An object, else one without fields. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** Whether a value is an object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A list, else an empty one. @throws ReportError for something else in its place. */
export function listOf(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new ReportError(`its ${name} are no list`);
  return value;
}

/** A text, else an empty one. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** How many. @throws ReportError for what is no count. */
export function countOf(value: unknown, name: string): number {
  const count = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 0) {
    throw new ReportError(`its ${name} is no count`);
  }
  return count;
}

const toolLengthMax = 100;

/** A tool's name and version, as one short text. */
export function toolText(name: unknown, version: unknown): string {
  return [textOf(name), textOf(version)]
    .filter((text) => text !== "")
    .join(" ")
    .replaceAll(/\p{Cc}/gu, " ")
    .slice(0, toolLengthMax);
}
