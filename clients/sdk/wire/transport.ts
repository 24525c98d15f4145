import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { eager } from "../eager.ts";
import { whole } from "./whole.ts";
import { repeated } from "./repeated.ts";

/** Gives the session that the next request goes over, waiting for one if need be. */
export type SessionSource = () => Promise<ClientHttp2Session>;

/**
 * Only a name: sessions are dialled by `address` of their own, and the source may change it. HTTP/2
 * tells the server the authority of the session.
 */
const origin = "https://hub.invalid";

const responseBytesMax = 16 * 1024 * 1024;

/** A Connect transport over sessions that we dial and judge ourselves. */
export function transportOver(
  session: SessionSource,
  interceptors: readonly Interceptor[] = [],
): Transport {
  return createConnectTransport({
    baseUrl: origin,
    httpVersion: "2",
    sessionManager: {
      authority: origin,
      notifyResponseByteRead: () => undefined,
      request: (method, path, headers, options) => open(session, method, path, headers, options),
    },
    // On a link compression costs more than it saves: two to three times the CPU at 4 KiB.
    acceptCompression: [],
    readMaxBytes: responseBytesMax,
    interceptors: [...interceptors, repeated, whole, eager],
  });
}

async function open(
  session: SessionSource,
  method: string,
  path: string,
  headers: OutgoingHttpHeaders,
  options: object,
): Promise<ClientHttp2Stream> {
  const current = await session();
  return current.request({ ...headers, ":method": method, ":path": path }, options);
}
