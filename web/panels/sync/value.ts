import { fromBinary } from "@bufbuild/protobuf";
import { OpSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { hexText } from "../../parts/measure.ts";

/** What the bytes of a value turned out to be. */
export type Shape = "text" | "json" | "bytes" | "nothing";

/** A value as it can be shown: always plain text, never markup. */
export interface Value {
  readonly shape: Shape;
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** The value an op wrote; bytes that are no op are shown as they are. */
export function valueOf(op: Uint8Array): Value {
  try {
    return readValue(fromBinary(OpSchema, op).body);
  } catch {
    return { shape: "bytes", text: hexLines(op), bytes: op };
  }
}

/** Reads a value as JSON or text where it is that, and as bytes where it is not. */
export function readValue(bytes: Uint8Array): Value {
  if (bytes.length === 0) return { shape: "nothing", text: "", bytes };
  const text = textIn(bytes);
  if (text === undefined) return { shape: "bytes", text: hexLines(bytes), bytes };
  const pretty = prettyJson(text);
  if (pretty === undefined) return { shape: "text", text: plain(text), bytes };
  return { shape: "json", text: plain(pretty), bytes };
}

/** The text that bytes are, if they are; a byte that no text has makes it bytes. */
export function textIn(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return unprintable.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Control characters that no text is written with: all but tab and the ends of lines. */
// oxlint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/u;

/** What turns the direction of letters, or has no width: seen as its number, never as it acts. */
const hidden = /[\u0080-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** Text in which nothing acts on how the rest is read. */
export function plain(text: string): string {
  return text.replace(
    hidden,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** So deep may be what is set out over lines; deeper, the spaces would be more than the words. */
const depthMax = 24;

/** JSON set out over lines, where that loses nothing: a long number or a doubled name would. */
function prettyJson(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isPlain = depthOf(text) <= depthMax && JSON.stringify(value) === text.trim();
    return isPlain ? JSON.stringify(value, undefined, 2) : text;
  } catch {
    return undefined;
  }
}

function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const letter of text) {
    if (letter === "{" || letter === "[") most = Math.max(most, ++depth);
    else if (letter === "}" || letter === "]") depth--;
  }
  return most;
}

const lineBytes = 16;

/** Bytes as hex, sixteen in a line. */
export function hexLines(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += lineBytes) {
    const line = hexText(bytes.subarray(at, at + lineBytes));
    lines.push(line.replace(/(....)(?=.)/gu, "$1 "));
  }
  return lines.join("\n");
}

/** A value on one line. */
export function oneLine({ shape, text }: Value): string {
  if (shape === "nothing") return "nothing";
  return text.replace(/\s+/gu, " ");
}

const shapeWords: Readonly<Record<Shape, string>> = {
  text: "text",
  json: "JSON",
  bytes: "bytes",
  nothing: "no bytes",
};

/** How people call a shape. */
export function shapeWord(shape: Shape): string {
  return shapeWords[shape];
}
