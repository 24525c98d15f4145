import type { Interceptor } from "@connectrpc/connect";

/**
 * Begins to read a response before any other interceptor can wait. Node 24.20 and 26.3 lose the end
 * of an HTTP/2 stream that closed before its reader came (nodejs/node#65677), so this stands last
 * in every array of interceptors, where it is the innermost.
 */
export const eager: Interceptor = (next) => async (request) => {
  const response = await next(request);
  if (!response.stream) return response;
  const messages = response.message[Symbol.asyncIterator]();
  const first = messages.next();
  first.catch(() => undefined);
  return { ...response, message: readOn(first, messages) };
};

async function* readOn<T>(
  first: Promise<IteratorResult<T>>,
  messages: AsyncIterator<T>,
): AsyncGenerator<T> {
  try {
    for (let one = await first; one.done !== true; one = await messages.next()) yield one.value;
  } finally {
    await messages.return?.();
  }
}
