import { readFileSync } from "node:fs";
import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { PayloadSchema, type Payload } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { utf8 } from "@foedus/kernel/bytes.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { CliContext } from "../context.ts";
import { dim, type Piece } from "../paint.ts";
import { sizeText } from "../words/bytes.ts";
import { counted } from "../words/plural.ts";

/** Where the payload of a task comes from; at most one of them. */
export interface PayloadOptions {
  readonly json?: string;
  readonly text?: string;
  /** A file, or "-" for standard input. */
  readonly file?: string;
  /** How to read the bytes of a file. */
  readonly type?: string;
}

/** As the schema bounds it. */
export const payloadBytesMax = 262_144;

const command = "foedus task submit";

/** What was given, or undefined. @throws Fault COMMAND_INVALID, FILE_UNUSABLE */
export async function readPayload(
  { terminal }: Pick<CliContext, "terminal">,
  { json, text, file, type }: PayloadOptions,
): Promise<Payload | undefined> {
  const given = [json, text, file].filter((each) => each !== undefined).length;
  if (given > 1) throw invalid(`one of --json, --text and --file is taken, and ${given} are given`);
  if (json !== undefined) return jsonPayload(json, type);
  if (text !== undefined) return payloadOf(utf8(text), type ?? "text/plain", "--text");
  if (file === undefined) {
    if (type === undefined) return undefined;
    throw invalid("--type says how to read a payload, and none is given");
  }
  const bytes = file === "-" ? await terminal.readBytes() : bytesOf(file);
  return payloadOf(bytes, type ?? typeOf(file, bytes), file === "-" ? "standard input" : file);
}

function jsonPayload(text: string, type = "application/json"): Payload {
  try {
    JSON.parse(text);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw invalid(`what --json holds is no JSON: ${detail}`);
  }
  return payloadOf(utf8(text), type, "--json");
}

function bytesOf(file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(Reason.FILE_UNUSABLE, { file, done: "read", detail }, { cause });
  }
}

/** A payload that is within its bounds. @throws Fault COMMAND_INVALID */
export function payloadOf(body: Uint8Array, contentType: string, from: string): Payload {
  if (body.length <= payloadBytesMax) return create(PayloadSchema, { contentType, body });
  const most = sizeText(payloadBytesMax);
  throw invalid(
    `${from} holds ${sizeText(body.length)}, and a payload is at most ${most}; put it into a ` +
      "file that workers can reach, and submit its place",
  );
}

/** By its name where that says it, else by what it holds. */
function typeOf(file: string, bytes: Uint8Array): string {
  if (/\.json$/iu.test(file)) return "application/json";
  const text = textIn(bytes);
  if (text === undefined) return "application/octet-stream";
  return file === "-" && isJson(text) ? "application/json" : "text/plain";
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const reader = new TextDecoder("utf-8", { fatal: true });

/** The text that bytes are; undefined where they are none. */
export function textIn(bytes: Uint8Array): string | undefined {
  try {
    return reader.decode(bytes);
  } catch {
    return undefined;
  }
}

const linesMax = 40;
const lineMax = 200;
const bytesShown = 32;

/** A payload or a result for people, by its kind: lines, of which what is long is cut. */
export function payloadLines({ contentType, body }: Payload): Piece[] {
  const text = body.length === 0 ? undefined : textIn(body);
  const what = `${sizeText(body.length)}${contentType === "" ? "" : ` of ${contentType}`}`;
  if (body.length === 0) return [dim("empty")];
  if (text === undefined || text.includes("\0")) {
    const head = Buffer.from(body.subarray(0, bytesShown)).toString("hex");
    return [dim(what), `${head}${body.length > bytesShown ? "…" : ""}`];
  }
  const lines = pretty(text, contentType).replace(/\n$/u, "").split("\n");
  const shown = lines.slice(0, linesMax).map((line) => cut(line.replaceAll("\t", "  ")));
  const more = lines.length - shown.length;
  return [dim(what), ...shown, ...(more > 0 ? [dim(`… and ${counted(more, "more line")}`)] : [])];
}

function cut(line: string): string {
  return line.length > lineMax ? `${line.slice(0, lineMax)}…` : line;
}

/** On many lines what programs wrote on one, unless that would change a figure or an order. */
function pretty(text: string, contentType: string): string {
  if (!/[/+]json\b/iu.test(contentType)) return text;
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text.trim() ? JSON.stringify(value, null, 2) : text;
  } catch {
    return text;
  }
}

function invalid(problem: string): Fault {
  return new Fault(Reason.COMMAND_INVALID, { problem, command });
}
