import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { connect, isIP } from "node:net";
import type { TLSSocket } from "node:tls";
import { connect as connectTls } from "node:tls";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { World } from "@foedus/kernel/world.ts";

/** Where a listener is. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

const probeMs = 5_000;
const chainLengthMax = 6;

/** host:port, [::1]:port or http://host:port. */
export function placeOf(address: string): Place {
  const url = new URL(address.includes("://") ? address : `tcp://${address}`);
  const usual = url.protocol === "https:" ? 443 : 80;
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return { host, port: url.port === "" ? usual : Number(url.port) };
}

/** The addresses of a name. @throws Fault HUB_UNREACHABLE */
export async function resolveName({ host, port }: Place): Promise<string[]> {
  if (isIP(host) !== 0) return [];
  try {
    return (await lookup(host, { all: true })).map((found) => found.address);
  } catch (cause) {
    throw unreachable({ host, port }, `its name is not known: ${wordsOf(cause)}`, cause);
  }
}

/** How long a TCP connection took, in milliseconds. @throws Fault HUB_UNREACHABLE */
export async function timeTcp(place: Place, world: World): Promise<number> {
  const startedMs = world.clock.monotonic();
  const socket = connect(place);
  try {
    await happening(socket, "connect", place, world);
    return world.clock.monotonic() - startedMs;
  } finally {
    socket.destroy();
  }
}

/** The certificates a TLS server shows, DER, leaf first. @throws Fault HUB_UNREACHABLE */
export async function shownCertificates(place: Place, world: World): Promise<Uint8Array[]> {
  const servername = isIP(place.host) === 0 ? { servername: place.host } : {};
  // What it shows is judged by our own root; the system's are not asked.
  const options = { ...place, ...servername, minVersion: "TLSv1.3", rejectUnauthorized: false };
  const socket = connectTls({ ...options, minVersion: "TLSv1.3", ALPNProtocols: ["h2"] });
  try {
    await happening(socket, "secureConnect", place, world);
    return chainOf(socket);
  } finally {
    socket.on("error", () => undefined);
    socket.destroy();
  }
}

async function happening(
  socket: ReturnType<typeof connect>,
  event: string,
  place: Place,
  world: World,
): Promise<void> {
  const patience = new AbortController();
  const timer = world.timers.after(probeMs, () => patience.abort());
  try {
    await once(socket, event, { signal: patience.signal });
  } catch (cause) {
    const detail = patience.signal.aborted ? `no answer within ${probeMs} ms` : wordsOf(cause);
    throw unreachable(place, detail, cause);
  } finally {
    timer.cancel();
  }
}

/** Asked for once a connection: some Nodes give the issuers away with the first answer. */
function chainOf(socket: TLSSocket): Uint8Array[] {
  const chain: Uint8Array[] = [];
  let at = socket.getPeerCertificate(true);
  while (at?.raw !== undefined && chain.length < chainLengthMax) {
    chain.push(new Uint8Array(at.raw));
    if (at.issuerCertificate === at) break;
    at = at.issuerCertificate;
  }
  return chain;
}

function unreachable({ host, port }: Place, detail: string, cause: unknown): Fault {
  const address = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  return new Fault(Reason.HUB_UNREACHABLE, { address, detail }, { cause });
}

function wordsOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(wordsOf).join("; ");
  return cause instanceof Error ? cause.message : String(cause);
}
