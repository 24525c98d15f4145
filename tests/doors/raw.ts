// A client that sends bytes as they are given, and tells all that came back.
import { createHash } from "node:crypto";
import { once } from "node:events";
import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  IncomingHttpHeaders,
  OutgoingHttpHeaders,
} from "node:http2";
import { connect } from "node:http2";
import { fromBinary, toBinary, create } from "@bufbuild/protobuf";
import { StatusSchema } from "@foedus/gen/google/rpc/status_pb.js";
import { ownerSecret } from "../support/hub.bare.ts";
import { plain } from "./doors.ts";
import type { Side } from "./doors.ts";
import type { AskInit } from "./schema.ts";
import { AskSchema } from "./schema.ts";

/** What is sent. */
export interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Each in a DATA frame of its own, once the one before it is out. */
  readonly pieces?: readonly Uint8Array[];
  /** Whether the client says that this was all; true if left out. */
  readonly ends?: boolean;
}

/** What came back. */
export interface Heard {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly trailers: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** The code of the reset, 0 for none. */
  readonly reset: number;
}

/** One exchange, to be looked at while it goes on. */
export interface Exchange {
  readonly stream: ClientHttp2Stream;
  /** Bytes that came so far. */
  bytes(): Buffer;
  readonly heard: Promise<Heard>;
}

/** The protocols, by what their bodies are called. */
export const types = {
  connect: "application/proto",
  json: "application/json",
  connectStream: "application/connect+proto",
  jsonStream: "application/connect+json",
  grpc: "application/grpc+proto",
  web: "application/grpc-web+proto",
} as const;

/** The path of one of our methods. */
export function pathTo(name: string): string {
  return `/foedus.doors.v1.DoorsService/${name}`;
}

/** A request in protobuf. */
export function asked(init: AskInit): Buffer {
  return Buffer.from(toBinary(AskSchema, create(AskSchema, init)));
}

/** A message with its five bytes before it. */
export function envelope(bytes: Uint8Array, flags = 0, length = bytes.length): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flags, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, bytes]);
}

/** The body a client of the protocol sends for one request. */
export function bodyFor(type: string, bytes: Uint8Array): Buffer {
  return type === types.connect || type === types.json ? Buffer.from(bytes) : envelope(bytes);
}

/** A session of the web listener. */
export async function rawTo(side: Side): Promise<ClientHttp2Session> {
  const session = connect(side.hub.web);
  session.on("error", () => undefined);
  await once(session, "connect");
  return session;
}

/** Begins an exchange, signed in as the owner unless the headers say otherwise. */
export function begin(session: ClientHttp2Session, sent: Sent): Exchange {
  const { method = "POST", path, headers = {}, pieces = [], ends = true } = sent;
  const own = { ":method": method, ":path": path, authorization: `Bearer ${ownerSecret}` };
  const stream = session.request({ ...own, ...headers }, { endStream: false });
  const chunks: Buffer[] = [];
  const bytes = () => Buffer.concat(chunks);
  let [head, trailers]: IncomingHttpHeaders[] = [{}, {}];
  stream.on("error", () => undefined);
  stream.on("response", (headers) => (head = headers));
  stream.on("trailers", (headers: IncomingHttpHeaders) => (trailers = headers));
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const closed = new Promise<void>((resolve) => stream.once("close", () => resolve()));
  const heard = closed.then(() => ({
    headers: visible(head ?? {}),
    trailers: visible(trailers ?? {}),
    body: textOf(bytes()),
    reset: stream.rstCode ?? -1,
  }));
  void write(stream, pieces, ends);
  return { stream, bytes, heard };
}

/** Sends a whole request and waits for all of the answer. */
export async function exchange(side: Side, sent: Sent): Promise<Heard> {
  const session = await rawTo(side);
  try {
    return await begin(session, sent).heard;
  } finally {
    session.destroy();
  }
}

async function write(
  stream: ClientHttp2Stream,
  pieces: readonly Uint8Array[],
  ends: boolean,
): Promise<void> {
  for (const piece of pieces) {
    if (stream.destroyed || stream.closed) return;
    await new Promise((resolve) => stream.write(piece, resolve));
  }
  if (ends && !stream.destroyed) stream.end();
}

/** Headers without the date, and with what is random in the details made plain. */
function visible(headers: IncomingHttpHeaders): Record<string, unknown> {
  const entries = Object.entries(headers).flatMap(([name, value]): [string, unknown][] => {
    if (name === "date") return [];
    if (name === "grpc-status-details-bin") return [[name, detailsIn(String(value))]];
    return [[name, typeof value === "string" ? plain(value) : value]];
  });
  return Object.fromEntries(entries);
}

function detailsIn(text: string): unknown {
  const { code, message, details } = fromBinary(StatusSchema, Buffer.from(text, "base64"));
  const shown = details.map(({ typeUrl, value }) => [typeUrl, plain(latin(value))]);
  return { code, message: plain(message), details: shown };
}

const details = /(?<="value":"|grpc-status-details-bin: ?)[A-Za-z0-9+/]+/gi;

/** What came; of many bytes their hash. */
function textOf(bytes: Buffer): string {
  if (bytes.length < plainBytesMax) return plain(unpacked(latin(bytes)));
  return `${bytes.length} ${createHash("sha256").update(bytes).digest("hex")}`;
}

const plainBytesMax = 100_000;

/** With the details of an error as text, wherever a protocol puts them. */
function unpacked(text: string): string {
  return text.replaceAll(details, (packed) => Buffer.from(packed, "base64").toString("latin1"));
}

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
