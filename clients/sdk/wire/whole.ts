import type { Interceptor, StreamResponse } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";

/**
 * A stream that is cut off between two frames, as proxies do it, is a failure of the connection.
 * Connect calls it an invalid argument, which nobody would try again.
 */
export const whole: Interceptor = (next) => async (request) => {
  const response = await next(request);
  return response.stream ? { ...response, message: read(response.message) } : response;
};

async function* read(messages: StreamResponse["message"]): StreamResponse["message"] {
  try {
    yield* messages;
  } catch (error) {
    throw isTorn(error) ? new ConnectError(error.rawMessage, Code.Internal, error.metadata) : error;
  }
}

/** Who is told of an invalid argument by the hub is told its reason as well. */
function isTorn(error: unknown): error is ConnectError {
  if (!(error instanceof ConnectError) || error.code !== Code.InvalidArgument) return false;
  return error.details.length === 0 && error.rawMessage.startsWith("protocol error:");
}
