import { constants as tls } from "node:crypto";
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { NodeChain } from "@foedus/kernel/chain.ts";
import type { World } from "@foedus/kernel/world.ts";
import { presentedBy } from "../../wire/dial.ts";
import { openCounter, type AnswerKit } from "./counter.ts";
import { notServed, type Place } from "./place.ts";

/** What a door is opened with. */
export interface DoorKit extends AnswerKit {
  readonly world: World;
  readonly place: Place;
  /** PEM of the certificate chain and key as they are now; undefined while there is none. */
  readonly own: () => { readonly chain: string; readonly key: string } | undefined;
  /** Whose chain it is; throws for one that proves no node that may come. */
  readonly judge: (presented: readonly Uint8Array[]) => NodeChain;
}

/** Where a node serves its peers. */
export interface Door {
  readonly port: number;
  close(): Promise<void>;
}

const connectionsMax = 64;
const silentMs = 30_000;

const tlsLimits = {
  minVersion: "TLSv1.3",
  // No session outlives its certificate.
  secureOptions: tls.SSL_OP_NO_TICKET,
  handshakeTimeout: 5_000,
  requestCert: true,
  // We judge the chain ourselves: by our roots, the SPIFFE id, and the hub's clock.
  rejectUnauthorized: false,
  ALPNProtocols: ["h2"],
} as const;

const sessionLimits = {
  settings: { enablePush: false, maxConcurrentStreams: 4, maxHeaderListSize: 8_192 },
  maxSessionMemory: 4,
  maxSessionInvalidFrames: 20,
  maxSettings: 32,
  unknownProtocolTimeout: 1_000,
} as const;

/**
 * Opens a listener over TLS 1.3 on which both ends show their node certificates. Whoever shows none
 * that leads to our roots is hung up on before it is heard.
 *
 * @throws FoedusError SYNC_PEERS_NOT_SERVED
 */
export async function openDoor(kit: DoorKit): Promise<Door> {
  const callers = new WeakMap<ServerHttp2Session, NodeChain>();
  const sockets = new Set<Socket>();
  const serve = openCounter(kit);
  const server = createSecureServer({ ...tlsLimits, ...sessionLimits });
  server.maxConnections = connectionsMax;
  const show = showing(kit, server);
  server.prependListener("connection", (socket: Socket) => {
    show();
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("session", (session) => {
    session.on("error", () => undefined);
    session.setTimeout(silentMs, () => session.destroy());
    try {
      callers.set(session, kit.judge(presentedBy(session.socket as TLSSocket)));
    } catch {
      session.destroy();
    }
  });
  server.on("stream", (stream, headers) => {
    const who = stream.session && callers.get(stream.session as ServerHttp2Session);
    if (who === undefined) stream.destroy();
    else void serve(stream, headers, who);
  });
  server.on("tlsClientError", () => undefined).on("sessionError", () => undefined);
  const port = await listen(server, kit.place);
  return { port, close: () => shut(server, sockets) };
}

/** Shows each new caller the newest certificate, which the node renews by itself. */
function showing({ own }: DoorKit, server: Http2SecureServer): () => void {
  let shown: string | undefined;
  return () => {
    const now = own();
    if (now === undefined || now.chain === shown) return;
    shown = now.chain;
    const { minVersion, secureOptions } = tlsLimits;
    server.setSecureContext({ cert: now.chain, key: now.key, minVersion, secureOptions });
  };
}

function listen(server: Http2SecureServer, { host, port }: Place): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (cause: Error) => reject(notServed(`${host}:${port}`, cause.message, cause));
    server.once("error", failed);
    server.listen({ host, port }, () => {
      server.off("error", failed).on("error", () => undefined);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function shut(server: Http2SecureServer, sockets: Iterable<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}
