import type { Interceptor } from "@connectrpc/connect";

/** How many connections a call is handed to at most. */
const triesMax = 3;

/**
 * Sends a call again that the hub never looked at, because its connection was being closed when it
 * came (RFC 9113, 8.7). Streams are opened anew by whoever reads them.
 */
export const repeated: Interceptor = (next) => async (request) => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await next(request);
    } catch (thrown) {
      const again = !request.stream && !request.signal.aborted && tries < triesMax;
      if (!again || !isUntouched(thrown)) throw thrown;
    }
  }
};

/** What Node says of a stream that never left. */
const neverLeft = new Set([
  "ERR_HTTP2_GOAWAY_SESSION",
  "ERR_HTTP2_INVALID_SESSION",
  "ERR_HTTP2_STREAM_CANCEL",
]);

/** What Node and Connect say of one that the other side did not take. */
const notTaken = /^(?:Stream|http\/2 stream) closed with error code (?:NGHTTP2_)?REFUSED_STREAM\b/;

/** Whether the other side did nothing at all with the call. */
function isUntouched(thrown: unknown): boolean {
  for (let at = thrown; at instanceof Error; at = at.cause) {
    if ("code" in at && neverLeft.has(String(at.code))) return true;
    if (notTaken.test("rawMessage" in at ? String(at.rawMessage) : at.message)) return true;
  }
  return false;
}
