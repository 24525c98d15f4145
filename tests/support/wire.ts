// Clients of a test's hub over real sockets.
import type { Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import type { TlsMaterial } from "../../server/runtime/listen/peer.ts";
import type { BareHub } from "./hub.bare.ts";
import { nodeUri, ownerSecret } from "./hub.bare.ts";

/** Which protocol a client speaks. */
export type Protocol = "connect" | "grpc";

/** A client of the node listener with a certificate of its own. */
export async function nodeTransport(
  hub: BareHub,
  nodeId: string,
  options: { readonly protocol?: Protocol; readonly lifetimeMs?: number } = {},
): Promise<Transport> {
  const { protocol = "grpc", lifetimeMs } = options;
  const material = await hub.authority.issue({ uris: [nodeUri(nodeId)], lifetimeMs });
  return transportWith(hub.node, material, protocol);
}

/** A client that shows the given certificate. */
export function transportWith(
  baseUrl: string,
  material: TlsMaterial,
  protocol: Protocol = "grpc",
): Transport {
  const { key, chain, roots } = material;
  const nodeOptions = { key, cert: chain, ca: [...roots], servername: "localhost" };
  const options = { baseUrl, httpVersion: "2" as const, nodeOptions };
  return protocol === "grpc" ? createGrpcTransport(options) : createConnectTransport(options);
}

/** A client of the web listener, by default signed in as the owner. */
export function webTransport(
  hub: BareHub,
  options: { readonly secret?: string; readonly httpVersion?: "1.1" | "2" } = {},
): Transport {
  const { secret = ownerSecret, httpVersion = "1.1" } = options;
  return createConnectTransport({
    baseUrl: hub.web,
    httpVersion,
    interceptors: [
      (next) => (request) => {
        if (secret !== "") request.header.set("authorization", `Bearer ${secret}`);
        return next(request);
      },
    ],
  });
}
