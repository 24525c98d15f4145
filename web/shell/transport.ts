import type { Interceptor, StreamResponse } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { learnHubTime } from "../parts/hub-clock.ts";
import { isSignedOut } from "../parts/trouble.ts";
import { lapse } from "./lapse.ts";

/** Learns the hub's time, and notices when it does not know us any more. */
const watchful: Interceptor = (next) => async (request) => {
  try {
    const response = await next(request);
    learnHubTime(response.header.get("date"));
    return response.stream ? { ...response, message: noticed(response.message) } : response;
  } catch (error) {
    notice(error, request.method.name);
    throw error;
  }
};

async function* noticed(messages: StreamResponse["message"]): StreamResponse["message"] {
  try {
    yield* messages;
  } catch (error) {
    notice(error, "");
    throw error;
  }
}

function notice(error: unknown, method: string): void {
  const ownBusiness = method === "SignIn" || method === "GetSession";
  if (!ownBusiness && isSignedOut(error)) lapse();
}

/** Connect over the page's own origin; the session is a cookie that scripts cannot read. */
export const transport = createConnectTransport({
  baseUrl: location.origin,
  useBinaryFormat: true,
  interceptors: [watchful],
});
