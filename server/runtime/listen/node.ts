import { createSecureServer } from "node:http2";
import type { TlsSource } from "../capability.ts";
import { notFound } from "./fallback.ts";
import { sessionLimits, strangerBytesMax, tlsLimits } from "./limits.ts";
import type { DoorOptions, DoorParts, Listener } from "./listener.ts";
import { attach, openDoor, openParts } from "./listener.ts";
import { secureContext } from "./tls.ts";

/**
 * The door of nodes: TLS 1.3 with a certificate on both sides. A peer whose chain does not end in a
 * root we trust dies in the handshake; whose it is, `authenticate` finds out.
 */
export async function openNodeListener(options: DoorOptions, tls: TlsSource): Promise<Listener> {
  const { requestBytesMax, nodePort } = options.config;
  const own = { door: "node", requestBytesMax, fallback: notFound } as const;
  const parts = openParts(options, own);
  return await openTls("node", nodePort, options, parts, tls, { requestCert: true });
}

/** The door of newcomers and returners: only the hub shows a certificate. */
export async function openJoinListener(options: DoorOptions, tls: TlsSource): Promise<Listener> {
  const own = { door: "join", requestBytesMax: strangerBytesMax, fallback: notFound } as const;
  const parts = openParts(options, own);
  const { joinPort } = options.config;
  return await openTls("join", joinPort, options, parts, tls, { requestCert: false });
}

async function openTls(
  name: "node" | "join",
  port: number,
  options: DoorOptions,
  parts: DoorParts,
  tls: TlsSource,
  { requestCert }: { requestCert: boolean },
): Promise<Listener> {
  const server = createSecureServer({
    ...sessionLimits,
    ...tlsLimits,
    ...secureContext(tls.current()),
    requestCert,
    rejectUnauthorized: true,
    ALPNProtocols: ["h2"],
  });
  attach(server, parts);
  const forget = tls.changed((material) => server.setSecureContext(secureContext(material)));
  const hand = (socket: unknown) => void server.emit("connection", socket);
  const listener = await openDoor(name, port, options, parts, hand);
  return {
    ...listener,
    destroy() {
      forget();
      listener.destroy();
    },
  };
}
