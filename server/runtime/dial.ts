import type { ClientHttp2Session } from "node:http2";
import { connect as connectHttp2 } from "node:http2";
import { isIP } from "node:net";
import type { TLSSocket } from "node:tls";
import { connect as connectTls } from "node:tls";
import type { Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import type { World } from "@foedus/kernel/world.ts";

/** Whom to call, as whom, and how to tell that it is them. */
export interface DialOptions {
  /** host:port, as an operator wrote it: nothing that another hub says is ever dialled. */
  readonly address: string;
  /** What this hub shows; nothing on a join listener. */
  readonly own?: { readonly chain: string; readonly key: string } | undefined;
  /** Looks at the DER certificates, leaf first, before a byte is sent; throws to hang up. */
  readonly inspect: (presented: Uint8Array[]) => void;
  readonly world: World;
  readonly signal: AbortSignal;
}

/** An open connection to another hub. */
export interface Dialled extends Disposable {
  readonly transport: Transport;
}

const dialMs = 5_000;
const answerBytesMax = 262_144;
const chainLengthMax = 6;

/** Only a name: the session was dialled before. */
const origin = "https://peer.invalid";

/** Opens an HTTP/2 session over TLS 1.3 to a hub that `inspect` has approved. */
export async function dialHub(options: DialOptions): Promise<Dialled> {
  const { world, signal, address, inspect } = options;
  const waiting = new AbortController();
  const slow = () => waiting.abort(new Error(`silent for ${dialMs} ms`));
  const timeout = world.timers.after(dialMs, slow);
  const either = AbortSignal.any([signal, waiting.signal]);
  const socket = openSocket(options);
  try {
    await heard(socket, "secureConnect", either);
    inspect(presentedBy(socket));
    const session = connectHttp2(`https://${address}`, {
      createConnection: () => socket,
      settings: { enablePush: false },
    });
    // Without a listener an error of an idle session would end the process.
    session.on("error", () => undefined);
    // The first settings say that it took our certificate.
    await heard(session, "remoteSettings", either);
    return {
      transport: transportOver(session),
      [Symbol.dispose]: () => session.destroy(),
    };
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    timeout.cancel();
  }
}

function openSocket({ address, own }: DialOptions): TLSSocket {
  const { hostname, port } = new URL(`https://${address}`);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const socket = connectTls({
    host,
    port: Number(port || 443),
    ALPNProtocols: ["h2"],
    minVersion: "TLSv1.3",
    // We judge the chain ourselves: by the roots of one trust domain and the SPIFFE id.
    rejectUnauthorized: false,
    ca: [],
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(own === undefined ? {} : { cert: own.chain, key: own.key }),
  });
  // What it says after we gave it up has no other listener, and would end the process.
  return socket.on("error", () => undefined);
}

function transportOver(session: ClientHttp2Session): Transport {
  return createConnectTransport({
    baseUrl: origin,
    httpVersion: "2",
    sessionManager: {
      authority: origin,
      notifyResponseByteRead: () => undefined,
      request: (method, path, headers, options) =>
        Promise.resolve(session.request({ ...headers, ":method": method, ":path": path }, options)),
    },
    acceptCompression: [],
    readMaxBytes: answerBytesMax,
    defaultTimeoutMs: dialMs,
  });
}

function heard(
  source: TLSSocket | ClientHttp2Session,
  event: string,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => () => {
      source.off(event, met).off("error", failed).off("close", closed);
      signal.removeEventListener("abort", aborted);
      act();
    };
    const met = settle(resolve);
    const failed = (error: Error) => settle(() => reject(error))();
    const closed = settle(() => reject(new Error("the connection was closed")));
    const aborted = settle(() => reject(signal.reason as Error));
    source.once(event, met).once("error", failed).once("close", closed);
    signal.addEventListener("abort", aborted, { once: true });
    if (signal.aborted) aborted();
  });
}

/** Called once a connection: some Nodes give the issuers away with the first answer. */
function presentedBy(socket: TLSSocket): Uint8Array[] {
  const chain: Uint8Array[] = [];
  let at = socket.getPeerCertificate(true);
  while (at?.raw !== undefined && chain.length < chainLengthMax) {
    chain.push(new Uint8Array(at.raw));
    if (at.issuerCertificate === at) break;
    at = at.issuerCertificate;
  }
  return chain;
}
