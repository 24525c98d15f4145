import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import { constants } from "node:http2";
import type { World } from "@foedus/kernel/world.ts";
import type { AnyRequest, AnyResponse } from "./exchanges.ts";

/**
 * The body of a call. A call may be answered before its body was read to the end; who sends the
 * rest must neither wait for us to take it, nor keep the next request waiting behind it.
 */
export function bodyOf(
  request: AnyRequest,
  response: AnyResponse,
  { timers }: World,
): AsyncIterable<Uint8Array> {
  if ("stream" in request) {
    // By then the answer is on its way but for its end, which a reset at once would overtake.
    request.stream.once("wantTrailers", () => {
      flowOn(request);
      timers.after(0, () => refuseRest(request));
    });
    return request;
  }
  response.once("finish", () => dropRest(request));
  return read(request);
}

/**
 * Of a destroyed request nothing could be dropped: its connection would stand still, or end under
 * the next one. So neither leaving this nor throwing into it may reach the request.
 */
async function* read(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  for await (const piece of request.iterator({ destroyOnReturn: false })) yield piece as Uint8Array;
}

/**
 * What came of a request that is read no further goes to nobody: a stream that stands still with
 * bytes in it never closes, nor does its session.
 */
function flowOn({ stream }: Http2ServerRequest): void {
  stream.on("pause", () => stream.resume());
  stream.resume();
}

/** Tells the client to send no more (RFC 9113, section 8.1). */
function refuseRest({ complete, stream }: Http2ServerRequest): void {
  if (!complete) stream.close(constants.NGHTTP2_NO_ERROR);
}

/** Reads on for nobody; `requestTimeout` ends a body that never does. */
function dropRest(request: IncomingMessage): void {
  const take = () => {
    while (request.read() !== null);
  };
  request.on("readable", take);
  take();
}
