// Other people's clients, each telling what came of a call in the same words.
import { createHash } from "node:crypto";
import type { DescMessage, Message, MessageShape } from "@bufbuild/protobuf";
import { create, fromBinary, toBinary, toJson } from "@bufbuild/protobuf";
import type { CallOptions, Client, Transport } from "@connectrpc/connect";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import type { Metadata } from "@grpc/grpc-js";
import { ownerSecret } from "../support/hub.bare.ts";
import type { Side } from "./doors.ts";
import { plain } from "./doors.ts";
import type { AskInit } from "./schema.ts";
import { AskSchema, DoorRpcs, FlatSchema, ToldSchema } from "./schema.ts";

/** What came of a call. */
export interface Outcome {
  readonly messages: unknown[];
  readonly header: readonly (readonly [string, string])[];
  readonly trailer: readonly (readonly [string, string])[];
  readonly error: unknown;
}

/** Calls a method of any kind; those that take one request take the first. */
export type Caller = (
  side: Side,
  method: MethodName,
  asks: readonly AskInit[],
  options?: CallOptions,
) => Promise<Outcome>;

/** The methods that there is something to hear from. */
export type MethodName = Exclude<keyof typeof DoorRpcs.method, "nothing" | "hidden">;

const transports = {
  connect: (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion: "2" }),
  "connect json": (baseUrl: string) =>
    createConnectTransport({ baseUrl, httpVersion: "2", useBinaryFormat: false }),
  grpc: (baseUrl: string) => createGrpcTransport({ baseUrl }),
  "grpc json": (baseUrl: string) => createGrpcTransport({ baseUrl, useBinaryFormat: false }),
  "grpc-web": (baseUrl: string) => createGrpcWebTransport({ baseUrl, httpVersion: "2" }),
  "grpc-web json": (baseUrl: string) =>
    createGrpcWebTransport({ baseUrl, httpVersion: "2", useBinaryFormat: false }),
  "connect get": (baseUrl: string) =>
    createConnectTransport({ baseUrl, httpVersion: "2", useHttpGet: true }),
  "connect 1.1": (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion: "1.1" }),
  "grpc-web 1.1": (baseUrl: string) => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }),
} satisfies Record<string, (baseUrl: string) => Transport>;

/** Names of what connect-node can speak. */
export type Protocol = keyof typeof transports;

const open = new WeakMap<Side, Map<Protocol, Client<typeof DoorRpcs>>>();

/** A client of connect-node; one for each side and protocol. */
export function clientOf(side: Side, protocol: Protocol): Client<typeof DoorRpcs> {
  const known = open.get(side) ?? new Map<Protocol, Client<typeof DoorRpcs>>();
  open.set(side, known);
  const client = known.get(protocol) ?? createClient(DoorRpcs, signedIn(side, protocol));
  known.set(protocol, client);
  return client;
}

function signedIn(side: Side, protocol: Protocol): Transport {
  const transport = transports[protocol](side.hub.web);
  const signed = (header: HeadersInit | undefined) => {
    const headers = new Headers(header);
    if (!headers.has("authorization")) headers.set("authorization", `Bearer ${ownerSecret}`);
    return headers;
  };
  return {
    unary: (method, signal, timeoutMs, header, ...rest) =>
      transport.unary(method, signal, timeoutMs, signed(header), ...rest),
    stream: (method, signal, timeoutMs, header, ...rest) =>
      transport.stream(method, signal, timeoutMs, signed(header), ...rest),
  };
}

/** Calls by connect-node. */
export function calling(protocol: Protocol): Caller {
  return async (side, method, asks, options = {}) => {
    const client = clientOf(side, protocol);
    const heard: Outcome = { messages: [], header: [], trailer: [], error: undefined };
    const told = {
      ...options,
      onHeader: (header: Headers) => Object.assign(heard, { header: shown(header) }),
      onTrailer: (trailer: Headers) => Object.assign(heard, { trailer: shown(trailer) }),
    };
    try {
      for await (const message of placed(client, method, asks, told)) {
        heard.messages.push(asJson(message));
      }
      return heard;
    } catch (error) {
      return { ...heard, error: errorOf(error) };
    }
  };
}

async function* placed(
  client: Client<typeof DoorRpcs>,
  method: MethodName,
  asks: readonly AskInit[],
  options: CallOptions,
): AsyncGenerator<Message> {
  const [first = {}] = asks;
  if (method === "many") yield* client.many(first, options);
  else if (method === "both") yield* client.both(each(asks), options);
  else if (method === "gather") yield await client.gather(each(asks), options);
  else yield await client[method](first, options);
}

async function* each(asks: readonly AskInit[]): AsyncGenerator<AskInit> {
  yield* asks;
}

/** Headers but for the date, in order. */
export function shown(headers: Headers): [string, string][] {
  const all = [...headers].filter(([name]) => name !== "date" && name !== "keep-alive");
  return all
    .map(([name, value]): [string, string] => [name, readable(name, value)])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function readable(name: string, value: string): string {
  if (name !== "grpc-status-details-bin") return plain(value);
  return plain(Buffer.from(value, "base64").toString("latin1"));
}

/** An error as values. */
export function errorOf(thrown: unknown): unknown {
  const { code, rawMessage, details, metadata } = ConnectError.from(thrown);
  const told = details.map((one) => ("type" in one ? [one.type, plain(latin(one.value))] : one));
  return { code: Code[code], message: plain(rawMessage), details: told, metadata: shown(metadata) };
}

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

function schemaOf(message: Message): DescMessage {
  return message.$typeName === FlatSchema.typeName ? FlatSchema : ToldSchema;
}

/** A message as values; of many bytes their hash. */
function asJson(message: Message): unknown {
  const { data } = message as Message & { readonly data: Uint8Array };
  if (data.length < plainBytesMax) return toJson(schemaOf(message), message);
  const hash = createHash("sha256").update(data).digest("hex");
  return [
    data.length,
    hash,
    toJson(schemaOf(message), { ...message, data: new Uint8Array() } as Message),
  ];
}

const plainBytesMax = 1_000;

/** How grpc-js reads and writes. */
export const grpcJs = {
  path: (method: MethodName) => `/${DoorRpcs.typeName}/${DoorRpcs.method[method].name}`,
  write: (init: AskInit) => Buffer.from(toBinary(AskSchema, create(AskSchema, init))),
  read: (method: MethodName) => (bytes: Buffer) => asJson(read(method, bytes)),
  shown: (metadata: Metadata | undefined) =>
    Object.entries(metadata?.toHttp2Headers() ?? {})
      .filter(([name]) => name !== "date")
      .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((v) => [name, v]))
      .map(([name, value]): [string, string] => [
        String(name),
        readable(String(name), String(value)),
      ])
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
};

function read(method: MethodName, bytes: Uint8Array): MessageShape<DescMessage> {
  return fromBinary(DoorRpcs.method[method].output, bytes);
}
