import { Code, ConnectError } from "@connectrpc/connect";
import {
  codeToHttpStatus,
  createEndStreamSerialization,
  errorToJsonBytes,
} from "@connectrpc/connect/protocol-connect";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { trailerSerialize } from "@connectrpc/connect/protocol-grpc-web";
import type { OutgoingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { constants } from "node:http2";
import { encodedOf } from "../../encoded.ts";
import { answerBytesMax } from "../limits.ts";
import type { LeanCall } from "./call.ts";
import { callOn } from "./call.ts";
import type { Format } from "./formats.ts";
import { plain } from "./headers.ts";
import { wireOf } from "./methods.ts";
import { flush, send } from "./slab.ts";

/** Answers with one message: the whole body where there are no envelopes. */
export function answerOne(call: LeanCall, message: object): void {
  if (call.isGone) return;
  if (call.format.enveloped) {
    sendMessage(call, message);
    return endAnswer(call);
  }
  const [parts, length] = partsOf(call, message);
  answerWhole(call, constants.HTTP_STATUS_OK, parts, length);
}

/** Sends one of many messages. @throws ConnectError when it cannot be written. */
export function sendMessage(call: LeanCall, message: object): void {
  const [parts, length] = partsOf(call, message);
  sendFrame(call, 0, parts, length);
}

/** Ends an answer in envelopes; with an error when it failed. */
export function endAnswer(call: LeanCall, error?: ConnectError): void {
  if (call.isGone) return;
  const { format, stream } = call;
  const touched = call.context.responseTrailer.touched;
  const end =
    touched === undefined && error === undefined
      ? goodEnds[format.protocol]
      : endOf(format, new Headers(touched), error);
  if (end.frame !== undefined) sendFrame(call, format.endFlag, [end.frame], end.frame.length);
  else begin(call);
  call.trailers = end.trailers;
  flush();
  call.finish();
  stream.end();
}

/** Says why there is no answer, as the protocol does. */
export function answerError(call: LeanCall, error: ConnectError): void {
  if (call.isGone) return;
  if (call.format.enveloped) return endAnswer(call, error);
  call.context.responseHeader.set("content-type", "application/json");
  const bytes = errorToJsonBytes(error, undefined);
  answerWhole(call, codeToHttpStatus(error.code), [bytes], bytes.length);
}

/** What stands after the messages: in a frame of its own, or in trailers. */
interface End {
  readonly frame: Uint8Array | undefined;
  readonly trailers: OutgoingHttpHeaders;
}

const endStream = createEndStreamSerialization(undefined);

function endOf({ protocol }: Format, trailer: Headers, error: ConnectError | undefined): End {
  if (protocol === "connect") {
    const metadata = { metadata: trailer };
    return { frame: endStream.serialize(error ? { ...metadata, error } : metadata), trailers: {} };
  }
  setTrailerStatus(trailer, error);
  if (protocol === "grpc") return { frame: undefined, trailers: plain(trailer) };
  return { frame: trailerSerialize(trailer), trailers: {} };
}

/** The ends of calls about which there is nothing to say. */
const goodEnds: Record<Format["protocol"], End> = {
  connect: { frame: endStream.serialize({ metadata: new Headers() }), trailers: {} },
  grpc: { frame: undefined, trailers: { "grpc-status": "0" } },
  "grpc-web": { frame: trailerSerialize(new Headers({ "grpc-status": "0" })), trailers: {} },
};

/** The bytes of a message, which may be known; not more than an answer may have. */
function partsOf(call: LeanCall, message: object): readonly [readonly Uint8Array[], number] {
  const known = call.format.binary ? encodedOf(message) : undefined;
  if (known === undefined) {
    const bytes = wireOf(call.method, call.format).serialize(message);
    return [[bytes], bytes.length];
  }
  const length = known.reduce((sum, part) => sum + part.length, 0);
  if (length <= answerBytesMax) return [known, length];
  const text = `message size ${length} is larger than configured writeMaxBytes ${answerBytesMax}`;
  throw new ConnectError(text, Code.ResourceExhausted);
}

function sendFrame(
  call: LeanCall,
  flags: number,
  parts: readonly Uint8Array[],
  length: number,
): void {
  if (call.isGone) return;
  begin(call);
  send(call.stream, flags, parts, length);
}

/** Sends the headers, unless they are sent: as late as can be, so that handlers may set some. */
function begin(call: LeanCall): void {
  const { stream } = call;
  if (stream.headersSent) return;
  stream.on("wantTrailers", sendTrailers);
  stream.respond(linesOf(call, constants.HTTP_STATUS_OK), { waitForTrailers: true });
}

function answerWhole(
  call: LeanCall,
  status: number,
  parts: readonly Uint8Array[],
  length: number,
): void {
  const { stream, complete } = call;
  const lines = linesOf(call, status);
  call.context.responseTrailer.touched?.forEach((value, name) => {
    lines[`trailer-${name}`] = value;
  });
  lines["content-length"] = length;
  if (!complete) stream.on("wantTrailers", sendTrailers);
  stream.respond(lines, { waitForTrailers: !complete });
  call.finish();
  const [first, ...others] = parts;
  if (first === undefined || length === 0) return void stream.end();
  const whole = others.length === 0 ? first : Buffer.concat(parts, length);
  // To end it at once would destroy the stream before the write is done, for which Node makes an
  // error with a stack that nobody sees: a third of what such a call costs.
  stream.write(whole, () => stream.end());
}

function linesOf({ context, format }: LeanCall, status: number): OutgoingHttpHeaders {
  const { touched } = context.responseHeader;
  if (touched === undefined) return { ":status": status, "content-type": format.answerType };
  return { ":status": status, ...plain(touched) };
}

/** Whoever still sends is told to stop once the answer is whole; a reset would overtake it. */
function sendTrailers(this: ServerHttp2Stream): void {
  const call = callOn(this);
  if (call === undefined || call.isGone) return;
  this.sendTrailers(call.trailers);
  if (!call.complete) call.world.timers.after(0, () => refuseRest(call));
}

function refuseRest({ complete, isGone, stream }: LeanCall): void {
  if (complete || isGone) return;
  stream.close(constants.NGHTTP2_NO_ERROR);
  stream.resume();
}
