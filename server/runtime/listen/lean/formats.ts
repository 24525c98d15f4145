import type { IncomingHttpHeaders } from "node:http2";
import { endStreamFlag } from "@connectrpc/connect/protocol-connect";
import { parseTimeout as parseConnectTimeout } from "@connectrpc/connect/protocol-connect";
import { parseTimeout as parseGrpcTimeout } from "@connectrpc/connect/protocol-grpc";
import { trailerFlag } from "@connectrpc/connect/protocol-grpc-web";

/** How a call and its answer are written. */
export interface Format {
  readonly protocol: "connect" | "grpc" | "grpc-web";
  readonly binary: boolean;
  /** Whether messages come in envelopes; else the body is the message. */
  readonly enveloped: boolean;
  /** What the answer is called. */
  readonly answerType: string;
  /** The flag of an envelope that holds the end instead of a message; 0 where there is none. */
  readonly endFlag: number;
}

const connect = { protocol: "connect", endFlag: endStreamFlag } as const;
const grpc = {
  protocol: "grpc",
  binary: true,
  enveloped: true,
  answerType: "application/grpc+proto",
  endFlag: 0,
} as const;
const grpcWeb = {
  protocol: "grpc-web",
  binary: true,
  enveloped: true,
  answerType: "application/grpc-web+proto",
  endFlag: trailerFlag,
} as const;

function connectFormat(answerType: string, binary: boolean, enveloped: boolean): Format {
  return { ...connect, answerType, binary, enveloped };
}

/** What is read here, by content type as it is written most; other spellings go to the adapter. */
const formats: ReadonlyMap<string, Format> = new Map([
  ["application/proto", connectFormat("application/proto", true, false)],
  ["application/json", connectFormat("application/json", false, false)],
  ["application/connect+proto", connectFormat("application/connect+proto", true, true)],
  ["application/connect+json", connectFormat("application/connect+json", false, true)],
  ["application/grpc", grpc],
  ["application/grpc+proto", grpc],
  ["application/grpc-web", grpcWeb],
  ["application/grpc-web+proto", grpcWeb],
]);

const encodings = ["content-encoding", "connect-content-encoding", "grpc-encoding"] as const;

/** The format of a request that can be read here; undefined for what the adapter has to look at. */
export function formatOf(head: IncomingHttpHeaders): Format | undefined {
  if (head[":method"] !== "POST" || head.expect !== undefined) return undefined;
  if (!isPlainAuthority(head[":authority"])) return undefined;
  for (const name of encodings) {
    const encoding = head[name];
    if (encoding !== undefined && encoding !== "identity") return undefined;
  }
  return formats.get(head["content-type"] ?? "");
}

/** How long the caller gives the call, and what is wrong with how it says so. */
export function timeoutOf(head: IncomingHttpHeaders, { protocol }: Format) {
  const [name, parse] =
    protocol === "connect"
      ? (["connect-timeout-ms", parseConnectTimeout] as const)
      : (["grpc-timeout", parseGrpcTimeout] as const);
  const text = head[name];
  if (text === undefined) return noTimeout;
  return parse(String(text), Number.MAX_SAFE_INTEGER);
}

const noTimeout: ReturnType<typeof parseConnectTimeout> = {};

/** Authorities that were judged lately: there are few, and each comes with every call. */
const judged = new Map<string, boolean>();
const judgedMax = 1_000;

/** Whether a URL can be made with it; without one the adapter says what is wrong. */
function isPlainAuthority(authority: string | undefined): boolean {
  if (authority === undefined) return false;
  const known = judged.get(authority);
  if (known !== undefined) return known;
  if (judged.size >= judgedMax) judged.clear();
  const plain = URL.canParse(`https://${authority}`);
  judged.set(authority, plain);
  return plain;
}
