import type { ClientHttp2Session } from "node:http2";
import { connect as connectHttp2 } from "node:http2";
import type { Socket } from "node:net";
import { connect as connectTcp, isIP } from "node:net";
import type { TLSSocket } from "node:tls";
import { connect as connectTls } from "node:tls";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { World } from "@foedus/kernel/world.ts";
import { FoedusError } from "../error.ts";
import { errorOf } from "../error.wire.ts";
import { linked, orAborted } from "../signals.ts";
import { lookupOf } from "./lookup.ts";
import { noteCarrier } from "./traffic.ts";

/** Whom to connect to, as what. */
export interface DialOptions {
  /** host:port. */
  readonly address: string;
  /** PEM of our own certificate chain and key; a joiner has none. */
  readonly own?: { readonly chain: string; readonly key: string } | undefined;
  /** Looks at the DER certificates, leaf first, before a byte is sent; throws to hang up. */
  readonly inspect: (presented: Uint8Array[]) => void;
  readonly world: World;
  readonly signal?: AbortSignal | undefined;
  /** Whether an IP address may be dialled that a name led to; any when nobody says. */
  readonly allows?: ((ip: string) => boolean) | undefined;
  /** How long it may take; shorter where there are others to try. */
  readonly withinMs?: number | undefined;
}

/** A server that hung up after our certificate reached it: it may not like the certificate. */
export class OwnCertificateRefused extends FoedusError {}

const httpsPort = 443;
const dialMs = 10_000;

/** How long one of several hubs may take. */
const oneOfManyMs = 3_000;
const windowBytes = 1_048_576;
const chainLengthMax = 6;

/** Opens an HTTP/2 session over TLS 1.3 whose server `inspect` has approved. */
export async function dial(options: DialOptions): Promise<ClientHttp2Session> {
  const { address, world, inspect, withinMs = dialMs } = options;
  using waiting = linked(options.signal);
  const timeout = world.timers.after(withinMs, () => waiting.abort(tooSlow(address, withinMs)));
  const carrier = openCarrier(options);
  try {
    await orAborted(heard(carrier, "connect"), waiting.signal);
    const socket = openSocket(carrier, options);
    await orAborted(heard(socket, "secureConnect"), waiting.signal);
    inspect(presentedBy(socket));
    const session = await orAborted(openSession(socket, options), waiting.signal);
    noteCarrier(session, carrier);
    return session;
  } catch (cause) {
    carrier.destroy();
    throw waiting.signal.aborted ? waiting.signal.reason : errorOf(cause, address);
  } finally {
    timeout.cancel();
  }
}

function openCarrier({ address, allows }: DialOptions): Socket {
  const { host, port } = placeOf(address);
  const lookup = allows === undefined ? {} : { lookup: lookupOf(allows) };
  // What it says after we gave it up has no other listener, and would end the process.
  return connectTcp({ host, port, ...lookup }).on("error", () => undefined);
}

function placeOf(address: string): { host: string; port: number } {
  const { hostname, port } = new URL(`https://${address}`);
  return { host: hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(port || httpsPort) };
}

function openSocket(carrier: Socket, { address, own }: DialOptions): TLSSocket {
  const { host } = placeOf(address);
  const socket = connectTls({
    socket: carrier,
    ALPNProtocols: ["h2"],
    minVersion: "TLSv1.3",
    // We judge the chain ourselves: by our roots, the SPIFFE id, and the hub's clock.
    rejectUnauthorized: false,
    ca: [],
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(own === undefined ? {} : { cert: own.chain, key: own.key }),
  });
  return socket.on("error", () => undefined);
}

/** Of an HTTP/2 server the first settings say that it took our certificate. */
async function openSession(socket: TLSSocket, options: DialOptions): Promise<ClientHttp2Session> {
  const { address, own } = options;
  const session = connectHttp2(`https://${address}`, {
    createConnection: () => socket,
    settings: { initialWindowSize: windowBytes, enablePush: false },
  });
  try {
    await heard(session, "remoteSettings");
  } catch (error) {
    session.destroy();
    if (own === undefined) throw errorOf(error, address);
    const detail = error instanceof Error ? error.message : String(error);
    throw new OwnCertificateRefused(Reason.HUB_UNREACHABLE, { address, detail }, { cause: error });
  }
  // Without a listener an error of an idle session would end the process.
  session.on("error", () => undefined);
  return session;
}

function heard(source: Socket | TLSSocket | ClientHttp2Session, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => () => {
      source.off(event, met).off("error", failed).off("close", closed);
      act();
    };
    const met = settle(resolve);
    const failed = (error: Error) => settle(() => reject(error))();
    const closed = settle(() => reject(new Error("the connection was closed")));
    source.once(event, met).once("error", failed).once("close", closed);
  });
}

/** Called once a connection: some Nodes give the issuers away with the first answer. */
export function presentedBy(socket: Pick<TLSSocket, "getPeerCertificate">): Uint8Array[] {
  const chain: Uint8Array[] = [];
  let at = socket.getPeerCertificate(true);
  while (at?.raw !== undefined && chain.length < chainLengthMax) {
    chain.push(new Uint8Array(at.raw));
    if (at.issuerCertificate === at) break;
    at = at.issuerCertificate;
  }
  return chain;
}

function tooSlow(address: string, ms: number): FoedusError {
  return new FoedusError(Reason.HUB_UNREACHABLE, { address, detail: `silent for ${ms} ms` });
}

/**
 * Tries the addresses one after the other until one serves. When none does, it throws what the
 * first said, unless one did not like our certificate: that can be mended.
 */
export async function firstThatServes<T>(
  addresses: readonly string[],
  signal: AbortSignal | undefined,
  attempt: (address: string, withinMs: number | undefined) => Promise<T>,
): Promise<T> {
  const failures: unknown[] = [];
  const unique = [...new Set(addresses)];
  const withinMs = unique.length > 1 ? oneOfManyMs : undefined;
  for (const address of unique) {
    signal?.throwIfAborted();
    try {
      return await attempt(address, withinMs);
    } catch (error) {
      failures.push(error);
    }
  }
  signal?.throwIfAborted();
  throw failures.find((one) => one instanceof OwnCertificateRefused) ?? failures[0];
}
