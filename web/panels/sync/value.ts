import { fromBinary } from "@bufbuild/protobuf";
import { OpSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { hexText } from "../../parts/measure.ts";
import { plain, prettyJson, textIn } from "../../parts/plain-text.ts";

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
